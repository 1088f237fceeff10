import { cpus } from "node:os";
import { fromFileUrl } from "@std/path";
import { runChild } from "./child.ts";
import type { BenchReport, Figure } from "./measure.ts";

const GIB = 1024 ** 3;
const SECTION = "## Benchmarks";
const BEGIN = "<!-- benchmarks: written by `deno task bench --write` -->";
const END = "<!-- end of benchmarks -->";

/** What is measured for the table, and how; a benchmark measures more when it is run by name. */
const PARTS: readonly (readonly [string, Readonly<Record<string, string>>])[] =
  [
    ["log", {}],
    ["upload", { EM_BENCH_ROUNDS: "5" }],
    ["memory", {}],
    ["read", {}],
    ["startup", {}],
    ["sent", { EM_BENCH_SECONDS: "0" }],
    ["large", { EM_BENCH_BYTES: `${GIB}` }],
    ["server", {}],
    ["web_curve", {}],
  ];

/** Where and when something was measured. */
export interface Circumstances {
  /** The day, such as `2026-11-23`. */
  readonly date: string;
  /** The machine, in words. */
  readonly machine: string;
  /** The version of Deno. */
  readonly deno: string;
  /** The commit, if there is one. */
  readonly commit: string | undefined;
}

/** Measures every number of the design, prints the table, and gives it to the README if that is wanted. */
export async function showTable(
  { write }: { readonly write: boolean },
): Promise<void> {
  const figures: Figure[] = [];
  const failures: string[] = [];
  for (const [name, env] of PARTS) {
    const start = performance.now();
    try {
      const report = await runChild<BenchReport>("run.ts", {
        args: [name, "--json"],
        env: { ...env, ...given() },
      });
      if (report.figures === undefined) throw new Error("It has no figures");
      figures.push(...report.figures);
    } catch (error) {
      failures.push(`${name}: ${error}`);
    }
    const seconds = ((performance.now() - start) / 1000).toFixed(0);
    // deno-lint-ignore no-console -- what is going on
    console.error(`${name}: ${seconds} s`);
  }
  const table = makeTable(figures, await circumstances());
  // deno-lint-ignore no-console -- the result
  console.log(table);
  if (failures.length > 0) throw new Error(failures.join("\n"));
  if (!write) return;
  const readme = new URL("../../README.md", import.meta.url);
  Deno.writeTextFileSync(
    readme,
    placeTable(Deno.readTextFileSync(readme), table),
  );
}

/** What the caller has set for a quick try wins. */
function given(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(Deno.env.toObject()).filter(([name]) =>
      name.startsWith("EM_BENCH_")
    ),
  );
}

/** The table, with where and when it was measured. */
export function makeTable(
  figures: readonly Figure[],
  { date, machine, deno, commit }: Circumstances,
): string {
  const rows = figures.map((
    { what, measured, against, hold, holds },
  ) => [what, measured, against, hold, holds ? "yes" : "**no**"]);
  const head = ["what", "measured", "against what", "hold", "holds"];
  const lines = [head, head.map(() => "---"), ...rows].map((cells) =>
    `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  );
  const place = commit === undefined ? "" : `, commit ${commit}`;
  return `Measured on ${date}: ${machine}, Deno ${deno}${place}. Medians of what was measured in the same run.

${lines.join("\n")}`;
}

/** A README with the table in place of the one that it has, or else at the end of its section about benchmarks. */
export function placeTable(readme: string, table: string): string {
  const block = `${BEGIN}\n\n${table}\n\n${END}`;
  const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
  if (begin >= 0 && end > begin) {
    return readme.slice(0, begin) + block + readme.slice(end + END.length);
  }
  const section = readme.indexOf(`${SECTION}\n`);
  if (section < 0) return `${readme.trimEnd()}\n\n${SECTION}\n\n${block}\n`;
  const next = readme.indexOf("\n## ", section);
  const until = next < 0 ? readme.length : next;
  const rest = readme.slice(until);
  return `${readme.slice(0, until).trimEnd()}\n\n${block}\n${rest}`;
}

async function circumstances(): Promise<Circumstances> {
  const { total } = Deno.systemMemoryInfo();
  const cores = cpus();
  const model = (cores[0]?.model ?? "").replace(/ Processor.*| @.*/, "");
  return {
    date: new Date().toISOString().slice(0, 10),
    machine: `${cores.length} cores${model === "" ? "" : ` of ${model}`}, ${
      (total / GIB).toFixed(0)
    } GiB of memory, ${Deno.build.os}`,
    deno: Deno.version.deno,
    commit: await commit(),
  };
}

async function commit(): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["rev-parse", "--short", "HEAD"],
      cwd: fromFileUrl(new URL(".", import.meta.url)),
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
