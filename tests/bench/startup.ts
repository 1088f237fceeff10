import { join } from "@std/path";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import { type BenchReport, median } from "./measure.ts";

const ROUNDS = 21;
const SCRIPT = "startup_create.ts";

/** Importing `mod.ts` against an empty script, and `createRun` outside of a git repository and within one. */
export async function run(): Promise<BenchReport> {
  using plain = tempDir();
  using repository = tempDir();
  for (const { path } of [plain, repository]) {
    // Its place decides what git is asked, so the script that is run lies in each.
    await Deno.writeTextFile(
      join(path, SCRIPT),
      `import ${JSON.stringify(import.meta.resolve(`./${SCRIPT}`))};\n`,
    );
  }
  await makeRepository(repository.path);
  const places = { "outside of": plain.path, "within": repository.path };
  const empty: number[] = [];
  const imported: number[] = [];
  const created = { "outside of": [] as number[], within: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    empty.push(await timed("startup_empty.ts"));
    imported.push(await timed("startup_import.ts"));
    for (const [place, cwd] of Object.entries(places)) {
      const { createMs } = await runChild<{ createMs: number }>(
        join(cwd, SCRIPT),
        { cwd },
      );
      created[place as keyof typeof places].push(createMs);
    }
  }
  const base = median(empty);
  const ms = (value: number) => `${value.toFixed(1)} ms`;
  const imports = median(imported) - base;
  return {
    figures: [
      {
        what: "importing mod.ts",
        measured: `${ms(imports)} more`,
        against: `an empty script's ${ms(base)}, ${ROUNDS} processes each`,
        hold: "under 60 ms more",
        holds: imports < 60,
      },
      ...Object.entries(created).map(([place, times]) => ({
        what: `createRun, local, ${place} a git repository`,
        measured: ms(median(times)),
        against: `time, ${ROUNDS} processes`,
        hold: "under 20 ms",
        holds: median(times) < 20,
      })),
    ],
    name: `starting, medians of ${ROUNDS} processes`,
    lines: [
      `importing mod.ts: ${ms(imports)} more than an empty ` +
      `script's ${ms(base)} (hold: 60 ms)`,
      `createRun outside of a git repository: ${
        ms(median(created["outside of"]))
      } (hold: 20 ms)`,
      `createRun within a git repository: ${
        ms(median(created.within))
      } (hold: 20 ms)`,
    ],
  };
}

/** How long a process takes from its start to its end, in milliseconds. */
async function timed(script: string): Promise<number> {
  const start = performance.now();
  await runChild(script);
  return performance.now() - start;
}

async function makeRepository(dir: string): Promise<void> {
  const author = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
  for (
    const args of [["init", "-q"], ["add", "-A"], [
      ...author,
      "commit",
      "-q",
      "-m",
      "first",
    ]]
  ) {
    const { success } = await new Deno.Command("git", { args, cwd: dir })
      .output();
    if (!success) throw new Error(`git ${args.join(" ")} failed`);
  }
}
