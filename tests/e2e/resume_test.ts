import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { basename, join } from "@std/path";
import { decodeAttempts } from "../../src/format/attempts.ts";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { prepare } from "../support/run_with.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Trains from its checkpoint on, which is every tenth step, until it is killed or at step 60. */
const SCRIPT = `
  import { createRun } from "@t9k/em";
  const say = (text: string) => Deno.stderr.writeSync(new TextEncoder().encode(text + "\\n"));
  const [resume = "auto", lr = "0.1"] = Deno.args;
  const run = await createRun({ name: "preempted", hparams: { lr: Number(lr) }, resume });
  const known = run.lastStep();
  say("BEGIN " + run.attempt + " " + known);
  let from = 0;
  try { from = Number(Deno.readTextFileSync("checkpoint")); } catch { /* the first time */ }
  for (let step = from + 1; step <= 60; step++) {
    run.log("train", { loss: run.attempt + 1 / step }, { step });
    if (step % 10 === 0) run.log("val", { loss: run.attempt }, { step });
    if (step % 10 === 0) Deno.writeTextFileSync("checkpoint", String(step));
    say("ACK " + step);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  run.hparams.lr /= 2;
  await run.finish();
`;

/** Runs the script and kills it when it has said that a step is recorded; answers with all that it said. */
async function killAt(
  dir: string,
  step: number,
  signal: Deno.Signal = "SIGKILL",
): Promise<string> {
  const child = spawnScript(SCRIPT, { dir });
  const decoder = new TextDecoder();
  let said = "";
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    if (said.includes(`ACK ${step}\n`)) {
      try {
        child.kill(signal);
      } catch (error) {
        // It is gone already.
        if (!(error instanceof TypeError)) throw error;
      }
    }
  }
  assertEquals((await child.status).signal, signal, said);
  await child.stdout.cancel();
  return said;
}

function acknowledged(said: string): number[] {
  return [...said.matchAll(/ACK (\d+)\n/g)].map((match) => Number(match[1]));
}

function stepsOf(dir: string, type: string): number[] {
  const bytes = Deno.readFileSync(join(dir, "metrics", `${type}.yaml`));
  const { records, problem } = parseMetrics(bytes);
  assertEquals(problem, undefined);
  return records.map(({ sequence }) => sequence.step);
}

Deno.test('createRun({ resume: "auto" }) goes on with its run after SIGKILL and SIGTERM, and nothing acknowledged is missing', async () => {
  using dir = tempDir();
  const said = [
    await killAt(dir.path, 25),
    await killAt(dir.path, 37, "SIGTERM"),
    (await runScript(SCRIPT, { dir: dir.path })).stderr,
  ];
  const run = onlyRun(dir.path);
  assertMatch(said[0] ?? "", /BEGIN 1 undefined/);
  assertMatch(
    said[1] ?? "",
    /is continued, attempt 2, in ".*\n(.*\n)*BEGIN 2 2[5-9]/,
  );
  assertMatch(said[2] ?? "", /BEGIN 3 3[7-9]/);
  const steps = stepsOf(run, "train");
  let at = 0;
  for (const step of said.flatMap(acknowledged)) {
    while (steps[at] !== step) assert(at++ < steps.length, `step ${step}`);
    at++;
  }

  const attempts = decodeAttempts(
    Deno.readTextFileSync(join(run, "attempts.yaml")),
  );
  assertEquals(attempts.map(({ status }) => status), [
    "Killed",
    "Error",
    "Complete",
  ]);
  const metadata = decodeRunMetadata(
    Deno.readTextFileSync(join(run, "metadata.yaml")),
  );
  assertEquals(metadata.status, "Complete");
  assertEquals(attempts[0]?.startTimestamp, metadata.startTimestamp);
  assertEquals(attempts[2]?.endTimestamp, metadata.endTimestamp);
  assertEquals(new Set(attempts.map(({ pid }) => pid)).size, 3);
  assert(
    attempts.every(({ startTimestamp, endTimestamp }) =>
      startTimestamp < (endTimestamp ?? "")
    ),
  );

  // Read back, each step is there once, from the attempt that got furthest.
  const check = await runScript(
    `
    import { loadRun } from "@t9k/em";
    const run = await loadRun(${JSON.stringify(run)});
    const { train = [], val = [] } = run.metrics;
    console.log(JSON.stringify({
      train: train.map(({ value, sequence }) => [sequence.step, Math.floor(value.loss ?? 0)]),
      val: val.map(({ value, sequence }) => [sequence.step, value.loss]),
      attempts: run.attempts.map(({ attempt, status }) => attempt + status), hparams: run.hparams.toDict(),
    }));
    await run.finish();`,
    { dir: dir.path },
  );
  const read = JSON.parse(check.stdout);
  const wanted = (step: number) => step <= 20 ? 1 : step <= 30 ? 2 : 3;
  // 1 / 1 is a whole one.
  assertEquals(
    read.train,
    Array.from(
      { length: 60 },
      (_, at) => [at + 1, wanted(at + 1) + (at === 0 ? 1 : 0)],
    ),
  );
  assertEquals(
    read.val,
    [10, 20, 30, 40, 50, 60].map((step) => [step, wanted(step)]),
  );
  assertEquals(read.attempts, ["1Killed", "2Error", "3Complete", "4Running"]);
  assertEquals(read.hparams, { lr: 0.05 });

  // What is complete is not taken up again, whatever it made of its hyperparameters.
  await runScript(SCRIPT, { dir: dir.path });
  assertEquals([...Deno.readDirSync(join(dir.path, ".em/runs"))].length, 3);
});

Deno.test("createRun({ resume }) takes the run that is meant, and says what differs", async () => {
  using dir = tempDir();
  await killAt(dir.path, 1);
  const [run = ""] = [onlyRun(dir.path)];
  const before = filesOf(run);
  const begin = async (...args: string[]) =>
    await runScript(SCRIPT, { dir: dir.path, args });

  const other = await begin("auto", "0.2");
  assertStringIncludes(
    other.stderr,
    `"${
      basename(run)
    }" is unfinished, but was given other hyperparameters ("lr" was 0.1 and is 0.2)`,
  );
  assertMatch(other.stderr, /BEGIN 1 undefined/);
  assertEquals(filesOf(run), before);

  Deno.removeSync(join(dir.path, "checkpoint"));
  const must = await begin("must", "0.3");
  assertMatch(must.stderr, /BEGIN 2 \d+/);
  assertStringIncludes(
    must.stderr,
    `goes on with other hyperparameters than before: "lr" was 0.1 and is 0.3`,
  );
  assertStringIncludes(
    filesOf(run).get("hyperparameters.yaml") ?? "",
    "lr: 0.15",
  );

  const none = await begin("must", "0.3");
  assertEquals(none.code, 1);
  assertMatch(
    none.stderr,
    /NotFoundError: "\.em\/runs" is not a directory with an unfinished run "preempted"/,
  );

  assertMatch((await begin(basename(run))).stderr, /BEGIN 3 60/);
  assertMatch((await begin(run)).stderr, /BEGIN 4 60/);
  const wrong: readonly [string, RegExp][] = [
    [
      "nobody_261123_082118_6fauz3",
      /NotFoundError: "nobody_261123_082118_6fauz3" is not a run in "\.em\/runs"/,
    ],
    ["", /RangeError: Option resume must not be empty/],
  ];
  for (const [resume, why] of wrong) {
    const { code, stderr } = await begin(resume);
    assertEquals([code, why.test(stderr)], [1, true], stderr);
  }
});

Deno.test('createRun({ resume: "auto" }) never takes a run that is being written, and of two at once only one takes a run', async () => {
  using dir = tempDir();
  await killAt(dir.path, 3);
  const script = `
    import { createRun } from "@t9k/em";
    const all = await Promise.all([1, 2, 3].map(() =>
      createRun({ name: "preempted", hparams: { lr: 0.1 }, resume: "auto" })));
    console.log(JSON.stringify(all.map((run) => [run.alternativeName, run.attempt])));
    await Promise.all(all.map((run) => run.finish()));`;
  const left = basename(onlyRun(dir.path));
  const { stdout, stderr } = await runScript(script, { dir: dir.path });
  const all: [string, number][] = JSON.parse(stdout.split("\n")[0] ?? "");
  assertEquals(new Set(all.map(([name]) => name)).size, 3, stderr);
  assertEquals(all.filter(([name]) => name === left), [[left, 2]]);
  assertEquals(all.filter(([, attempt]) => attempt === 1).length, 2);
});

Deno.test("createRun({ resume }) needs no more than the run directory", async () => {
  using dir = tempDir();
  await killAt(dir.path, 12);
  const flags = [`--allow-read=${dir.path}`, `--allow-write=${dir.path}`];
  const { code, stderr } = await runScript(SCRIPT, { dir: dir.path, flags });
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /BEGIN 2 1[2-9]/);
});

Deno.test('createRun({ resume: "auto" }) goes on with its run from the server when its disk is gone, unless it may live', async () => {
  await using server = await startTestServer();
  const script = `
    import { createRun } from "@t9k/em";
    const [how, lr = "0.1"] = Deno.args;
    const run = await createRun({
      name: "moved", hparams: { lr: Number(lr) }, resume: "auto", autoUpload: true, folder: "pods", makeFolder: true,
    });
    console.error("BEGIN " + run.attempt + " " + run.lastStep() + " " + run.alternativeName);
    const from = run.lastStep() ?? 0;
    for (let step = from + 1; step <= from + 10; step++) run.log("train", { n: run.attempt }, { step });
    await run.flush();
    if (how === "kill") Deno.kill(Deno.pid, "SIGKILL");
    await run.finish({ status: how === "fail" ? "Error" : "Complete" });`;
  /** Runs the script on a machine that is gone afterwards. */
  const start = async (...args: string[]) => {
    using dir = tempDir();
    const { env } = prepare(server, dir.path);
    const { stderr } = await runScript(script, { dir: dir.path, env, args });
    const [, attempt, step, name] = /BEGIN (\d+) (\S+) (\S+)/.exec(stderr) ??
      [];
    return { begin: `${attempt} ${step}`, name, stderr };
  };
  const first = await start("fail");
  assertEquals(first.begin, "1 undefined", first.stderr);
  const other = await start("kill", "0.2");
  assertEquals(other.begin, "1 undefined", other.stderr);
  const second = await start("kill");
  assertEquals(
    [second.begin, second.name],
    ["2 10", first.name],
    second.stderr,
  );
  // It says that it is running, and has written a moment ago.
  const third = await start("finish");
  assertEquals(third.begin, "1 undefined", third.stderr);
  assertMatch(
    third.stderr,
    /Run "\/demo\/pods\/moved" on the server is unfinished, but may go on elsewhere/,
  );
  const objects = await server.objects("/demo/pods/moved");
  assertEquals(
    objects.get("metrics/train.yaml")?.match(/(?<=step: )\d+/g)?.length,
    20,
  );
  // The newest with these hyperparameters is complete now.
  const fourth = await start("finish");
  assertEquals(fourth.begin, "1 undefined", fourth.stderr);
});

Deno.test('createRun({ resume: "auto" }) begins a new run when no server answers, and says so', async () => {
  using dir = tempDir();
  const closed = await startTestServer();
  const { env } = prepare(closed, dir.path);
  await closed[Symbol.asyncDispose]();
  const { code, stderr } = await runScript(
    `
    import { createRun } from "@t9k/em";
    const run = await createRun({ name: "alone", resume: "auto", autoUpload: true });
    console.error("BEGIN " + run.attempt);
    await run.finish({ timeoutMs: 0 });`,
    { dir: dir.path, env },
  );
  assertEquals(code, 0, stderr);
  assertMatch(
    stderr,
    /Cannot ask the server whether it has an unfinished run "alone", so a new one is begun: /,
  );
  assertStringIncludes(stderr, "BEGIN 1");
});
