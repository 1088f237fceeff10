import { assertEquals, assertGreaterOrEqual } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { decodeIndex } from "../../src/format/run_index.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { readOwner } from "../../src/local/owner.ts";
import {
  filesOf,
  startTestServer,
  type TestServer,
} from "../support/em_server.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

const KILLS = 50;
const AT_ONCE = 2;
/** The longest time that a script is left to log, in milliseconds. */
const LONGEST_MS = 400;

/** Logs without end, and says after each log() that it has returned. */
const SCRIPT = `
  import { createRun } from "@t9k/em";
  const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text + "\\n"));
  const run = await createRun({ name: "killed", hparams: { n: 0 }, autoUpload: true, conflictStrategy: "new" });
  say("ACK 0");
  for (let step = 1;; step++) {
    run.log(step % 7 === 0 ? "val" : "train", { loss: 1 / step, accuracy: Math.random() }, { step, epoch: step % 3 });
    if (step % 50 === 0) { run.hparams.n = step; console.log("step", step); }
    say("ACK " + step);
    if (step % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
`;

/** Kills a script at a random moment after its first word, and answers with the last step that was acknowledged. */
async function killOne(
  dir: string,
  env: Record<string, string>,
): Promise<number> {
  const child = spawnScript(SCRIPT, { dir, env });
  const decoder = new TextDecoder();
  let said = "";
  let killer: ReturnType<typeof setTimeout> | undefined;
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    if (said.includes("ACK 0\n")) {
      killer ??= setTimeout(
        () => child.kill("SIGKILL"),
        Math.random() * LONGEST_MS,
      );
    }
  }
  const { signal } = await child.status;
  await child.stdout.cancel();
  assertEquals(signal, "SIGKILL", said);
  // The last line may be cut, but what stands before a line break was said after log() had returned.
  const acknowledged = [...said.matchAll(/ACK (\d+)\n/g)].map((match) =>
    Number(match[1])
  );
  return acknowledged.at(-1) ?? 0;
}

function checkRun(dir: string, acknowledged: number): void {
  const files = filesOf(dir);
  const text = (file: string) => files.get(file) ?? "";
  assertEquals(decodeRunMetadata(text("metadata.yaml")).status, "Running");
  assertEquals(readOwner(dir)?.alive, false);
  const steps: number[] = [];
  for (const [file, content] of files) {
    if (file.startsWith("metrics/")) {
      const { records, problem } = parseMetrics(
        new TextEncoder().encode(content),
      );
      assertEquals(problem, undefined, `${dir}/${file}`);
      steps.push(...records.map((record) => record.sequence.step));
    } else if (file.endsWith(".yaml")) {
      parseYaml(content);
    }
  }
  steps.sort((a, b) => a - b);
  assertGreaterOrEqual(steps.length, acknowledged, `records of ${dir}`);
  assertEquals(
    steps,
    steps.map((_, index) => index + 1),
    "no record is missing in between",
  );
  const listed = decodeIndex(text("index.yaml")).length;
  if (acknowledged >= 7) assertEquals(listed, 2);
  const lastChange = Math.floor(acknowledged / 50) * 50;
  const { n } = parseYaml(text("hyperparameters.yaml")) as { n: number };
  assertEquals(
    n === lastChange || n === lastChange + 50,
    true,
    `hyperparameter ${n} after step ${acknowledged}`,
  );
  const printed =
    text("stdout.log").split("\n").filter((line) => line.startsWith("step"))
      .length;
  assertGreaterOrEqual(printed, acknowledged / 50 - 1, "printed lines");
}

async function killMany(server: TestServer, parent: string): Promise<string[]> {
  const dirs: string[] = [];
  let next = 0;
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    while (next < KILLS) {
      const dir = join(parent, String(next++));
      Deno.mkdirSync(dir);
      const config = join(dir, "t9k-config.yaml");
      Deno.writeTextFileSync(config, server.config);
      const acknowledged = await killOne(dir, { T9K_CONFIG: config });
      const run = onlyRun(dir);
      checkRun(run, acknowledged);
      dirs.push(run);
    }
  }));
  return dirs;
}

Deno.test(`log() keeps every record when the process is killed, ${KILLS} times at random moments`, async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const runs = await killMany(server, dir.path);
  assertEquals(runs.length, KILLS);
  // Whatever the killed processes left on the server, an upload of what is on disk completes.
  const all = join(dir.path, "all");
  Deno.mkdirSync(all);
  for (const run of runs.slice(0, 10)) {
    Deno.renameSync(run, join(all, run.slice(run.lastIndexOf("/") + 1)));
  }
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  const { stdout, stderr } = await runScript(
    `
    import { upload } from "@t9k/em";
    const results = await upload("all");
    console.log(JSON.stringify(results.map(({ path, report }) => [path, report?.state, report?.node?.path])));`,
    {
      dir: dir.path,
      env: { T9K_CONFIG: config },
    },
  );
  const results: [string, string, string][] = JSON.parse(
    stdout || `[["${stderr}"]]`,
  );
  assertEquals(results.length, 10);
  for (const [path, state, node] of results) {
    assertEquals(state, "complete", path);
    assertEquals(await server.objects(node), filesOf(path), path);
  }
});
