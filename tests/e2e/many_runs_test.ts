import { assertEquals, assertLess } from "@std/assert";
import { join } from "@std/path";
import {
  filesOf,
  startTestServer,
  type TestServer,
} from "../support/em_server.ts";
import { runScript, type ScriptResult } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

/**
 * A script that trains several runs at the same time in one process, with one session, then rests for a while, and says
 * how much processor time that took.
 */
const TRAIN = `
import { createRun, login } from "@t9k/em";
const [first, count, records, restMs] = Deno.args.map(Number);
await login();
const runs = await Promise.all(Array.from({ length: count }, (_, i) =>
  createRun({ name: "run-" + (first + i), hparams: { i }, autoUpload: true })));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
for (let step = 1; step <= records; step++) {
  for (const run of runs) run.log("train", { loss: 1 / step }, { step });
  await pause(10);
}
for (const { state } of await Promise.all(runs.map((run) => run.flush()))) {
  if (state !== "complete") throw new Error(state);
}
const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const before = cpuMs();
await pause(restMs);
const idle = (cpuMs() - before) / restMs;
const ends = await Promise.all(runs.map((run) => run.finish()));
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify({
  idle, states: [...new Set(ends.map(({ status, upload }) => status + " " + upload.state))],
})));
`;

function train(
  server: TestServer,
  dir: string,
  { args, runs }: { readonly args: readonly number[]; readonly runs: string },
): Promise<ScriptResult> {
  Deno.mkdirSync(dir);
  const config = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(config, server.config);
  return runScript(`import process from "node:process";${TRAIN}`, {
    dir,
    args: args.map(String),
    env: { T9K_CONFIG: config, EM_RUN_PARENT_DIR: runs },
  });
}

async function assertAllThere(
  server: TestServer,
  runs: string,
  count: number,
): Promise<void> {
  const dirs = [...Deno.readDirSync(runs)].map(({ name }) => name).filter((
    name,
  ) => name !== ".state");
  assertEquals(dirs.length, count);
  for (const dir of dirs) {
    const name = dir.replace(/_\d{6}_\d{6}_\w{6}$/, "");
    assertEquals(
      await server.objects(`/demo/default/${name}`),
      sorted(filesOf(join(runs, dir))),
      name,
    );
  }
}

function sorted(files: Map<string, string>): Map<string, string> {
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

Deno.test("50 runs in one process arrive whole, and cost little while nothing happens", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const runs = join(dir.path, "runs");
  const result = await train(server, join(dir.path, "one"), {
    args: [0, 50, 100, 5000],
    runs,
  });
  assertEquals(result.code, 0, result.stderr);
  const { states, idle } = JSON.parse(result.stdout);
  assertEquals(states, ["Complete complete"]);
  // Of one processor; the machine may be busy with other things.
  assertLess(idle, 0.5);
  await assertAllThere(server, runs, 50);
});

Deno.test("four processes bring their runs from one directory tree to one server with one session", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const runs = join(dir.path, "runs");
  const results = await Promise.all(
    [0, 1, 2, 3].map((i) =>
      train(server, join(dir.path, `p${i}`), {
        args: [i * 5, 5, 50, 0],
        runs,
      })
    ),
  );
  for (const result of results) {
    assertEquals(result.code, 0, result.stderr);
    assertEquals(JSON.parse(result.stdout).states, ["Complete complete"]);
  }
  await assertAllThere(server, runs, 20);
});
