import { assert, assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { join } from "@std/path";
import { readOwner } from "../../src/local/owner.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** Records a step, then ends as it is told: `kill`, or as it should. */
const SCRIPT = `
  import { createRun } from "@t9k/em";
  const run = await createRun({
    name: "preempted", resume: "auto", systemMetrics: Deno.args.includes("system"),
  });
  console.error("BEGIN " + run.attempt);
  const step = (run.lastStep() ?? 0) + 1;
  for (let at = step; at < step + 3; at++) run.log("train", { loss: 1 / at }, { step: at });
  if (Deno.args.includes("kill")) Deno.kill(Deno.pid, "SIGKILL");
  await run.finish();
`;

Deno.test("createRun({ resume }) leaves a run alone that another process is still making, and what a kill left of that", async () => {
  using dir = tempDir();
  const { path } = dir;
  // A repository that takes its time: git answers when there is a gate.
  Deno.mkdirSync(join(path, ".git"));
  const bin = join(path, "bin");
  Deno.mkdirSync(bin);
  const git = `#!/bin/sh
: > "${path}/asked"
while [ ! -e "${path}/gate" ]; do sleep 0.02; done
exit 1
`;
  Deno.writeTextFileSync(join(bin, "git"), git, { mode: 0o755 });
  const PATH = `${bin}:${Deno.env.get("PATH")}`;
  const slow = spawnScript(SCRIPT, { dir: path, env: { PATH } });
  await waitFor("all that is written before git answers", () => {
    const runs = join(path, ".em/runs");
    return existsSync(join(path, "asked")) && existsSync(runs) &&
        existsSync(join(onlyRun(path), "platform.yaml")) || undefined;
  });

  const other = await runScript(SCRIPT, { dir: path });
  assertEquals(other.code, 0, other.stderr);
  assertMatch(other.stderr, /^BEGIN 1$/m);
  try {
    slow.kill("SIGKILL");
  } catch (error) {
    // It waits for git for a few seconds only.
    if (!(error instanceof TypeError)) throw error;
  }
  await slow.output();
  const next = await runScript(SCRIPT, { dir: path });
  assertEquals(next.code, 0, next.stderr);
  assertMatch(next.stderr, /^BEGIN 1$/m);
  Deno.writeTextFileSync(join(path, "gate"), "");
});

Deno.test("createRun({ resume }) that cannot go on with a damaged run leaves it known as killed", async () => {
  using dir = tempDir();
  await runScript(SCRIPT, { dir: dir.path, args: ["kill"] });
  const run = onlyRun(dir.path);
  const owner = readOwner(run);
  assertEquals(owner?.alive, false);
  const metrics = join(run, "metrics/train.yaml");
  const whole = Deno.readTextFileSync(metrics);
  Deno.writeTextFileSync(metrics, whole.replace("loss: 1", "loss: ["));

  const refused = await runScript(SCRIPT, { dir: dir.path });
  assertEquals(refused.code, 1);
  assertMatch(refused.stderr, /DamagedFileError: .*train\.yaml/);
  assertEquals(readOwner(run), owner);

  Deno.writeTextFileSync(metrics, whole);
  const again = await runScript(SCRIPT, { dir: dir.path });
  assertMatch(again.stderr, /^BEGIN 2$/m);
});

Deno.test("createRun({ resume, systemMetrics }) records the load in a resumed run, too", async () => {
  using dir = tempDir();
  await runScript(SCRIPT, { dir: dir.path, args: ["kill"] });
  const { stderr } = await runScript(SCRIPT, {
    dir: dir.path,
    args: ["system"],
  });
  assertMatch(stderr, /^BEGIN 2$/m);
  const system = join(onlyRun(dir.path), "metrics/system.yaml");
  assert(Deno.readTextFileSync(system).includes("memory_used_gib"), stderr);
});
