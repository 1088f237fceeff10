import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import { setSession } from "../../src/aistore/session.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { decodeRank } from "../../src/format/rank_document.ts";
import { decodeIndex } from "../../src/format/run_index.ts";
import { runWith as runEm } from "../cli/fake_io.ts";
import { filesOf, startTestServer } from "../support/em_server.ts";
import { prepare } from "../support/run_with.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

const RANKS = 8;
const STEPS = 300;
/** It is killed when it has said that it has recorded this step. */
const KILLED = 5;
const KILLED_AT = 100;

/** The main process: it starts the ranks, records itself, and waits for them. */
const MAIN = `
  import { createRun } from "@t9k/em";
  const run = await createRun({ name: "ddp", hparams: { lr: 0.1, world: ${RANKS} }, autoUpload: true });
  console.error("DIR " + run.local);
  for (let step = 1; step <= ${STEPS}; step++) {
    run.log("train", { loss: 0 }, { step });
    if (step % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  // The test says when the ranks have ended.
  await Deno.stdin.read(new Uint8Array(1));
  const { upload } = await run.finish();
  console.error("UPLOAD " + upload.state);
`;

const RANK = `
  import { joinRun } from "@t9k/em";
  const rank = await joinRun();
  console.log("rank", rank.rank, "of", rank.hparams.world);
  // One of them goes on until it is killed.
  for (let step = 1; step <= ${STEPS} || rank.rank === ${KILLED}; step++) {
    rank.log("train", { loss: rank.rank, noise: 1 / step }, { step });
    if (step % 50 === 0) rank.log("val", { loss: rank.rank }, { step });
    Deno.stderr.writeSync(new TextEncoder().encode("ACK " + step + "\\n"));
    if (step % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await rank.finish();
`;

/** Runs one rank to its end, or kills it; answers with all that it said. */
async function runRank(
  dir: string,
  run: string,
  rank: number,
): Promise<string> {
  const own = join(dir, `rank-${rank}`);
  Deno.mkdirSync(own);
  const child = spawnScript(RANK, {
    dir: own,
    env: { EM_RUN_DIR: run, RANK: String(rank) },
    flags: [
      `--allow-read=${join(dir, ".em")}`,
      `--allow-write=${join(dir, ".em")}`,
      "--allow-env=EM_RUN_DIR,RANK",
      "--allow-sys=hostname",
    ],
  });
  const decoder = new TextDecoder();
  let said = "";
  let isKilled = false;
  const drained = child.stdout.pipeTo(new WritableStream());
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    if (rank === KILLED && !isKilled && said.includes(`ACK ${KILLED_AT}\n`)) {
      isKilled = true;
      child.kill("SIGKILL");
    }
  }
  await drained;
  const { signal } = await child.status;
  assertEquals(signal, rank === KILLED ? "SIGKILL" : null, said);
  return said;
}

function stepsIn(text: string): number[] {
  const { records, problem } = parseMetrics(new TextEncoder().encode(text));
  assertEquals(problem, undefined);
  return records.map(({ sequence }) => sequence.step);
}

Deno.test("eight ranks record in one run while it is uploaded, one is killed, and all of them are read as one", async () => {
  using dir = tempDir();
  await using server = await startTestServer();
  const { env } = prepare(server, dir.path);
  const path = join(dir.path, "main.ts");
  Deno.writeTextFileSync(path, MAIN);
  const config = new URL("../../deno.json", import.meta.url).pathname;
  const main = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      `--config=${config}`,
      "--no-check",
      path,
    ],
    cwd: dir.path,
    env: { NO_COLOR: "1", ...env },
    stdin: "piped",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const decoder = new TextDecoder();
  let said = "";
  let ranks: Promise<string[]> | undefined;
  for await (const chunk of main.stderr) {
    said += decoder.decode(chunk, { stream: true });
    const [, run] = /DIR (.*)\n/.exec(said) ?? [];
    if (run === undefined || ranks !== undefined) continue;
    ranks = Promise.all(
      Array.from({ length: RANKS }, (_, at) => runRank(dir.path, run, at + 1)),
    );
    ranks.finally(async () => {
      const writer = main.stdin.getWriter();
      await writer.write(new Uint8Array([10]));
      await writer.close();
    });
  }
  assertEquals((await main.status).code, 0, said);
  assertStringIncludes(said, "UPLOAD complete");
  const told = await ranks ?? [];
  const run = onlyRun(dir.path);
  const files = filesOf(run);

  // Each rank's file holds all that was acknowledged.
  const union = new Map<string, number[]>();
  union.set("train", stepsIn(files.get("metrics/train.yaml") ?? ""));
  for (const [at, text] of told.entries()) {
    const rank = at + 1;
    const acknowledged = [...text.matchAll(/ACK (\d+)\n/g)].map(([, n]) =>
      Number(n)
    );
    const steps = stepsIn(files.get(`ranks/${rank}/metrics/train.yaml`) ?? "");
    assertEquals(steps.slice(0, acknowledged.length), acknowledged);
    if (rank !== KILLED) assertEquals(steps.length, STEPS);
    union.set(`train@rank${rank}`, steps);
    union.set(
      `val@rank${rank}`,
      stepsIn(files.get(`ranks/${rank}/metrics/val.yaml`) ?? ""),
    );
    assertEquals(
      files.get(`ranks/${rank}/stdout.log`),
      `rank ${rank} of ${RANKS}\n`,
    );
    const { status } = decodeRank(files.get(`ranks/${rank}/rank.yaml`) ?? "");
    assertEquals(status, rank === KILLED ? "Running" : "Complete");
  }

  // What the Python SDK and the console read is what the main process wrote.
  assertEquals(decodeIndex(files.get("index.yaml") ?? ""), ["train"]);
  assertEquals(
    [...files.keys()].filter((file) => file.startsWith("metrics/")),
    ["metrics/train.yaml"],
  );

  // The server has the same, and knows it as series.
  assertEquals(await server.objects("/demo/default/ddp"), files);
  const { url: host, apiKey } = server;
  setSession({ host, apiKey, user: "demo", timeoutMs: undefined });
  const here = await describe(run);
  assertEquals((await describe("default/ddp")).metrics, here.metrics);
  const counts = new Map<string, number>(
    here.metrics.filter(({ name }: { name: string }) => name === "loss")
      .map(({ type, count }: { type: string; count: number }) => [type, count]),
  );
  assertEquals(
    counts,
    new Map([...union].map(([type, { length }]) => [type, length])),
  );
  assertEquals(
    here.ranks.map((
      { rank, status, isKilled }: {
        rank: number;
        status: string;
        isKilled: boolean;
      },
    ) => [rank, status, isKilled]),
    Array.from(
      { length: RANKS },
      (_, at) =>
        at + 1 === KILLED
          ? [KILLED, "Error", true]
          : [at + 1, "Complete", false],
    ),
  );

  // And so does the run, read back.
  const { stdout } = await runScript(
    `
    import { loadRun } from "@t9k/em";
    const run = await loadRun(${JSON.stringify(run)});
    console.log(JSON.stringify(Object.entries(run.metrics).map(([type, records]) =>
      [type, records.map(({ sequence }) => sequence.step)])));
    await run.finish();`,
    { dir: dir.path },
  );
  assertEquals(new Map(JSON.parse(stdout)), union);
});

async function describe(...args: readonly string[]) {
  const { code, stdout, stderr } = await runEm(["describe", ...args, "--json"]);
  assertEquals([code, stderr], [0, ""]);
  return JSON.parse(stdout);
}

Deno.test("joinRun() refuses a rank that another process has, and whatever else is wrong, and says what", async () => {
  using dir = tempDir();
  const { stdout, stderr, code } = await runScript(
    `
    import { createRun, joinRun } from "@t9k/em";
    const run = await createRun({ name: "ddp", hparams: { a: { b: [1] } } });
    const first = await joinRun(run.local, { rank: 1 });
    const tell = async (name: string, work: () => unknown) => {
      try { await work(); console.log(name + ": ok"); }
      catch (error) { console.log(name + ": " + (error as Error).name + ": " + (error as Error).message); }
    };
    await tell("same rank", () => joinRun(run.local, { rank: 1 }));
    await tell("other rank", async () => (await joinRun(run.local, { rank: 0 })).finish());
    await tell("no rank", () => joinRun(run.local));
    await tell("bad rank", () => joinRun(run.local, { rank: 1.5 }));
    await tell("no directory", () => joinRun(undefined, { rank: 2 }));
    await tell("not there", () => joinRun(run.local + "x", { rank: 2 }));
    await tell("bad option", () => joinRun(run.local, { rnk: 2 } as never));
    await tell("hparams", () => { (first.hparams as any).a.b[0] = 2; });
    await tell("type", () => run.log("train@rank1", { loss: 1 }, { step: 1 }));
    first.log("validate", { loss: 1 }, { step: 7 });
    await tell("last step", () => { if (first.lastStep("val") !== 7) throw new Error("no"); });
    await first.finish({ status: "Error" });
    await first.finish();
    await tell("again", async () => (await joinRun(run.local, { rank: 1 })).finish());
    await run.finish();
    await tell("late", async () => (await joinRun(run.local, { rank: 3 })).finish());`,
    {
      dir: dir.path,
      env: { RANK: "" },
    },
  );
  assertEquals(code, 0, stderr);
  const wanted = [
    /^same rank: InUseError: Run directory ".*\/ranks\/1" is being written by this very process, process \d+/,
    /^other rank: ok$/,
    /^no rank: TypeError: Cannot join a run: pass \{ rank \}, or set one of the variables RANK, SLURM_PROCID/,
    /^bad rank: RangeError: Option rank must be a whole number from 0 to 9999999, and is 1.5$/,
    /^no directory: TypeError: Cannot join a run: pass its directory, or set the variable EM_RUN_DIR/,
    /^not there: NotFoundError: ".*x" is not a directory of a run$/,
    /^bad option: TypeError: .*rnk/,
    /^hparams: TypeError: Cannot assign to read only property/,
    /^type: RangeError: Metric type "train@rank1" is how the metrics of a rank are shown/,
    /^last step: ok$/,
    /^again: ok$/,
    /^late: ok$/,
  ];
  const lines = stdout.trimEnd().split("\n");
  for (const [at, line] of wanted.entries()) assertMatch(lines[at] ?? "", line);
  assertMatch(stderr, /Run "ddp" is over: what rank 3 records is kept in/);
});

Deno.test("a rank that was killed in the midst of a record joins again, and what the run's later attempt replaces is left out", async () => {
  using dir = tempDir();
  const script = (first: boolean) => `
    import { createRun, joinRun } from "@t9k/em";
    const run = await createRun({ name: "again", resume: "auto" });
    const rank = await joinRun(run.local, { rank: 1 });
    console.log("printed by attempt", run.attempt);
    const from = ${first} ? 1 : 3;
    for (let step = from; step < from + 4; step++) {
      run.log("train", { n: run.attempt }, { step });
      rank.log("train", { n: run.attempt }, { step });
    }
    if (${first}) {
      Deno.writeTextFileSync(run.local + "/ranks/1/metrics/train.yaml", "- value:\\n    n: 1", { append: true });
      Deno.kill(Deno.pid, "SIGKILL");
    }
    await rank.finish();
    console.log(JSON.stringify(Object.entries(run.metrics).map(([type, records]) =>
      [type, records.map(({ value, sequence }) => value.n + ":" + sequence.step).join(" ")])));
    await run.finish();`;
  assertEquals(
    (await runScript(script(true), { dir: dir.path })).signal,
    "SIGKILL",
  );
  const { stdout, stderr } = await runScript(script(false), { dir: dir.path });
  assertMatch(
    stderr,
    /Repaired ".*ranks\/1\/metrics\/train.yaml" by removing what was left of a record/,
  );
  const shown = "1:1 1:2 2:3 2:4 2:5 2:6";
  assertEquals(JSON.parse(stdout.split("\n")[1] ?? ""), [
    ["train", shown],
    ["train@rank1", shown],
  ]);
  const run = onlyRun(dir.path);
  const text = await runEm(["describe", run]);
  assertMatch(
    text.stdout,
    /^Attempts\n {2}1 {2}Killed .*\n {2}2 {2}Complete .*\n\nRanks\n {2}1 {2}Complete /m,
  );
  assertMatch(text.stdout, /^ {2}train@rank1\/n +6 +2 +1 +2 /m);
  const exported = await runEm(["export", run, "--to", "jsonl"]);
  const lines = exported.stdout.trimEnd().split("\n").map((line) =>
    JSON.parse(line)
  );
  assertEquals(
    lines.filter(({ type }) => type === "train@rank1").map(({ values, step }) =>
      `${values.n}:${step}`
    ).join(" "),
    shown,
  );
  const tail = await runEm(["tail", run, "-m", "-n", "1"]);
  assertMatch(tail.stdout, /train@rank1 step 6 n=2/);
  const ofRank = await runEm(["tail", run, "-m", "-n", "1", "--rank", "1"]);
  assertEquals(
    ofRank.stdout,
    "printed by attempt 2\ntrain@rank1 step 6 n=2\n",
  );
  const plot = JSON.parse((await runEm(["plot", run, "n", "--json"])).stdout);
  assertEquals(
    plot.map((
      { type, count }: { type: string; count: number },
    ) => [type, count]),
    [["train", 6], ["train@rank1", 6]],
  );
});

Deno.test("lines of metrics that name a rank are recorded as that rank's, and those of rank 0 as the run's own", async () => {
  using dir = tempDir();
  const line = (rank: string, step: number) =>
    `echo 'EM_METRICS {"type":"train","step":${step},"metrics":{"n":1}${rank}}'`;
  const command = [
    line("", 1),
    line(',"rank":0', 2),
    line(',"rank":3', 3),
    line(',"rank":"x"', 4),
    "exit 7",
  ].join("; ");
  const { code, stdout, stderr } = await runScript(
    `import { runCli } from "@t9k/em/cli";
    Deno.exit(await runCli(["exec", "sh", "-c", ${JSON.stringify(command)}]));`,
    { dir: dir.path },
  );
  assertEquals(code, 7, stderr);
  const files = filesOf(onlyRun(dir.path));
  assertEquals(stepsIn(files.get("metrics/train.yaml") ?? ""), [1, 2]);
  assertEquals(stepsIn(files.get("ranks/3/metrics/train.yaml") ?? ""), [3]);
  assertEquals(
    decodeRank(files.get("ranks/3/rank.yaml") ?? "").status,
    "Error",
  );
  assert(!files.has("ranks/3/stdout.log"));
  assertMatch(stdout, /EM_METRICS .*"rank":"x"/);
  assertMatch(
    stderr,
    /"rank" must be a whole number from 0 to 9999999, and is "x"; this is said once/,
  );
});
