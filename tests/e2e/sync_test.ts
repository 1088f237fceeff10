import { assert, assertEquals, assertMatch } from "@std/assert";
import { join } from "@std/path";
import { decodeRunMetadata } from "../../src/format/metadata.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import { readIntent } from "../../src/upload/notes/intent.ts";
import { type EmProcess, runEm, startEm } from "../cli/em_process.ts";
import {
  filesOf,
  startTestServer,
  type TestServer,
} from "../support/em_server.ts";
import { onlyRun, runScript, spawnScript } from "../support/script.ts";
import { type TempDir, tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";

/** How many trainers are killed; `EM_TEST_KILLS=200` for the long version. */
const KILLS = Number(Deno.env.get("EM_TEST_KILLS") ?? 12);
/** The longest time that a trainer is left to log, in milliseconds. */
const LONGEST_MS = 1500;

/** Everything is where it is by default. */
const PLAIN = {
  EM_RUN_PARENT_DIR: "",
  EM_ARTIFACT_PARENT_DIR: "",
  T9K_CONFIG_CONTEXT: "",
};

/** Logs without end, and says after each log() that it has returned. */
const TRAINER = `
  import { createArtifact, createRun } from "@t9k/em";
  const say = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text + "\\n"));
  const run = await createRun({
    name: "killed", hparams: { n: 0 }, autoUpload: Deno.args[0] !== "local", folder: "kills", makeFolder: true,
    captureConsole: false,
  });
  if (Deno.args[0] === "artifact") {
    const artifact = await createArtifact({ name: "made" });
    Deno.writeTextFileSync(artifact.local + "/model.bin", "m".repeat(100_000));
    run.markOutput(artifact);
  }
  say("ACK 0");
  for (let step = 1;; step++) {
    run.log(step % 7 === 0 ? "val" : "train", { loss: 1 / step, accuracy: Math.random() }, { step });
    if (step % 50 === 0) run.hparams.n = step;
    say("ACK " + step);
    if (step % 5 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
`;

/** A trainer at work. */
interface Trainer {
  /** Kills it, and gives the last step that was acknowledged. */
  readonly kill: () => Promise<number>;
  /** Waits until so many steps are acknowledged. */
  readonly reached: (step: number) => Promise<void>;
}

function startTrainer(
  dir: string,
  { config, args = [] }: {
    readonly config: string;
    readonly args?: readonly string[];
  },
): Trainer {
  const path = join(dir, "t9k-config.yaml");
  Deno.writeTextFileSync(path, config);
  const child = spawnScript(TRAINER, {
    dir,
    env: { ...PLAIN, T9K_CONFIG: path },
    args,
  });
  let last = -1;
  let errors = "";
  const listen = async () => {
    let rest = "";
    for await (
      const text of child.stdout.pipeThrough(new TextDecoderStream())
    ) {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) last = Number(line.slice("ACK ".length));
    }
  };
  const complain = async () => {
    for await (
      const text of child.stderr.pipeThrough(new TextDecoderStream())
    ) errors += text;
  };
  const heard = Promise.all([listen(), complain()]);
  return {
    async reached(step) {
      await waitFor(`step ${step}: ${errors}`, () => last >= step || undefined);
    },
    async kill() {
      child.kill("SIGKILL");
      await heard;
      await child.status;
      return last;
    },
  };
}

function steps(run: string): number[] {
  const found: number[] = [];
  for (const type of ["train", "val"]) {
    const path = join(run, `metrics/${type}.yaml`);
    if (!isThere(path)) continue;
    const { records, problem } = parseMetrics(Deno.readFileSync(path));
    assertEquals(problem, undefined, path);
    found.push(...records.map(({ sequence }) => sequence.step));
  }
  return found.sort((a, b) => a - b);
}

function isThere(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function statusOf(run: string) {
  const text = Deno.readTextFileSync(join(run, "metadata.yaml"));
  const { status, startTimestamp, endTimestamp } = decodeRunMetadata(text);
  return { status, startTimestamp, endTimestamp };
}

/** Asserts that the server has exactly what is in a run directory. */
async function assertWhole(server: TestServer, run: string): Promise<void> {
  const node = readIntent(run)?.node?.path ?? "";
  assertEquals(await server.objects(node), filesOf(run), run);
}

function sync(dir: TempDir, ...args: string[]) {
  return runEm(["sync", ...args], { dir: dir.path, env: configOf(dir) });
}

function configOf(dir: TempDir): Record<string, string> {
  return { ...PLAIN, T9K_CONFIG: join(dir.path, "t9k-config.yaml") };
}

Deno.test(`em sync completes what ${KILLS} trainers have left that were killed at random moments`, async () => {
  await using server = await startTestServer();
  for (let kill = 0; kill < KILLS; kill++) {
    using dir = tempDir();
    const makesArtifact = kill % 2 === 1;
    const args = makesArtifact ? ["artifact"] : [];
    const trainer = startTrainer(dir.path, { ...server, args });
    await trainer.reached(0);
    await new Promise((resolve) =>
      setTimeout(resolve, Math.random() * LONGEST_MS)
    );
    const acknowledged = await trainer.kill();
    const run = onlyRun(dir.path);
    const { code, stdout, stderr } = await sync(dir);
    assertEquals(code, 0, stdout + stderr);
    const found = steps(run);
    assert(found.length >= acknowledged, `${found.length} of ${acknowledged}`);
    assertEquals(found, found.map((_, index) => index + 1), "no gap");
    assertEquals(statusOf(run).status, "Error");
    await assertWhole(server, run);
    if (makesArtifact) {
      await assertWhole(server, onlyRun(dir.path, ".em/artifacts"));
    }
  }
});

Deno.test("em sync gives a killed run the time when it wrote last as its end, and says what it did", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const trainer = startTrainer(dir.path, server);
  await trainer.reached(20);
  await trainer.kill();
  const run = onlyRun(dir.path);
  const last = Math.max(
    ...[...filesOf(run).keys()].filter((path) => path !== "metadata.yaml")
      .map((path) => Deno.statSync(join(run, path)).mtime?.getTime() ?? 0),
  );
  const first = await sync(dir);
  assertEquals(first.code, 0, first.stderr);
  assertMatch(
    first.stdout,
    /: complete, \d+ objects \(\d+ bytes\) sent; its process was killed, status Error\n1 of 1 synced\n$/,
  );
  const { status, endTimestamp } = statusOf(run);
  assertEquals(status, "Error");
  assert(
    Math.abs(Date.parse(endTimestamp ?? "") - last) <= 1,
    `${endTimestamp}`,
  );
  await sync(dir);
  const third = await sync(dir);
  assertEquals(
    [third.code, third.stdout, third.stderr],
    [0, "nothing left to sync, 1 known to be whole\n", ""],
  );
});

Deno.test("em sync uploads no run that nobody asked to be uploaded, unless it is told to", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const trainer = startTrainer(dir.path, { ...server, args: ["local"] });
  await trainer.reached(10);
  const running = await sync(dir);
  assertEquals(running.code, 0, running.stderr);
  const run = onlyRun(dir.path);
  assertEquals(statusOf(run).status, "Running");
  await trainer.kill();
  const { code, stdout } = await sync(dir, ".em");
  assertEquals(code, 0);
  assertMatch(stdout, /never to be uploaded \(--all uploads them\)\n$/);
  assertEquals(statusOf(run).status, "Error");
  const nowhere = await sync(dir, "nowhere");
  assertEquals(
    [nowhere.code, nowhere.stderr],
    [1, 'em: "nowhere" is no directory\n'],
  );
  const misuse = await sync(dir, "-f", "x");
  assertEquals([misuse.code, misuse.stdout], [2, ""]);
  const all = await sync(dir, "--all", "-f", "later/on", "-m");
  assertEquals(all.code, 0, all.stderr);
  assertEquals(await server.objects("/demo/later/on/killed"), filesOf(run));
});

Deno.test("em sync goes on after a failure, and ends with exit code 1", async () => {
  await using server = await startTestServer();
  await using gone = await startTestServer();
  using dir = tempDir();
  for (const config of [gone.config, server.config]) {
    const trainer = startTrainer(dir.path, { config });
    await trainer.reached(10);
    await trainer.kill();
  }
  // The configuration has a key for one server only: the other is named.
  const { code, stdout, stderr } = await sync(dir);
  assertEquals(code, 1);
  assertMatch(stdout, /: complete, [^]*\n1 of 2 synced\n$/);
  assert(stderr.includes(`holds none for "${gone.url}"`), stderr);
  assert(stderr.includes(`em login --host ${gone.url} --api-key`), stderr);
  // With a context for each, each goes where it was to go.
  const path = join(dir.path, "t9k-config.yaml");
  const second = gone.config.slice(gone.config.indexOf("- name"))
    .replace("test", "second");
  Deno.writeTextFileSync(path, server.config + second);
  const both = await sync(dir);
  assertEquals(both.code, 0, both.stderr);
  for (const entry of Deno.readDirSync(join(dir.path, ".em/runs"))) {
    if (entry.name === ".state") continue;
    const run = join(dir.path, ".em/runs", entry.name);
    const isGone = readIntent(run)?.host === gone.url;
    await assertWhole(isGone ? gone : server, run);
  }
  assert(!(stdout + stderr + both.stderr).includes(server.apiKey));
});

Deno.test("em sync does not bring back what somebody has deleted on the server, em upload does", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  const trainer = startTrainer(dir.path, server);
  await trainer.reached(10);
  await trainer.kill();
  assertEquals((await sync(dir)).code, 0);
  const run = onlyRun(dir.path);
  await server.client.deleteNode("/demo/kills/killed");
  Deno.writeTextFileSync(join(run, "more.txt"), "more");
  const { code, stderr } = await sync(dir);
  assertEquals(code, 1);
  assertMatch(stderr, /"\/demo\/kills\/killed" is no longer on AIStore/);
  assertEquals(await server.client.node("/demo/kills/killed"), undefined);
  const again = await runEm(["upload", run], {
    dir: dir.path,
    env: configOf(dir),
  });
  assertEquals(again.code, 0, again.stderr);
  await assertWhole(server, run);
});

/** Starts the resident, and waits until it watches. */
async function startResident(dir: TempDir, ...args: string[]) {
  const em = startEm(["sync", "--watch", ...args], {
    dir: dir.path,
    env: configOf(dir),
  });
  await em.waitFor("Watching");
  return em;
}

async function stop(em: EmProcess): Promise<void> {
  em.child.kill("SIGTERM");
  assertEquals((await em.end()).code, 0, em.seen.stderr);
}

Deno.test("em sync --watch completes the run of a trainer that is killed, and there is one resident", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "t9k-config.yaml"), server.config);
  await using em = await startResident(dir);
  const second = await sync(dir, "--watch");
  assertEquals([second.code, second.stdout], [1, ""]);
  assertMatch(
    second.stderr,
    new RegExp(
      `^em: "\\S+" is being watched by process ${em.child.pid} already\n$`,
    ),
  );
  const trainer = startTrainer(dir.path, server);
  await trainer.reached(50);
  await trainer.kill();
  const run = onlyRun(dir.path);
  const node = "/demo/kills/killed";
  await waitFor(
    "the status on the server",
    async () =>
      (await server.objects(node)).get("metadata.yaml")
        ?.includes("status: Error") || undefined,
  );
  await waitFor(
    "the end of it",
    () => readIntent(run)?.whole === undefined ? undefined : true,
  );
  await assertWhole(server, run);
  assertEquals(statusOf(run).status, "Error");
  await stop(em);
  // A resident that was killed leaves the place to the next.
  await using third = await startResident(dir);
  third.child.kill("SIGKILL");
  await third.end();
  await using fourth = await startResident(dir);
  await stop(fourth);
});

Deno.test("em sync --watch --all follows a run that does not upload itself, while it goes on", async () => {
  await using server = await startTestServer();
  using dir = tempDir();
  Deno.writeTextFileSync(join(dir.path, "t9k-config.yaml"), server.config);
  await using em = await startResident(dir, "--all");
  const trainer = startTrainer(dir.path, { ...server, args: ["local"] });
  await trainer.reached(20);
  const metadata = await waitFor(
    "the run on the server",
    async () =>
      (await server.objects("/demo/default/killed")).get("metadata.yaml"),
  );
  assertMatch(metadata, /status: Running/);
  await trainer.kill();
  const run = onlyRun(dir.path);
  await waitFor(
    "the end of it",
    () => readIntent(run)?.whole === undefined ? undefined : true,
  );
  await assertWhole(server, run);
  await stop(em);
});

Deno.test("upload(path) goes where the run was to go, on whatever server that is", async () => {
  await using server = await startTestServer();
  await using other = await startTestServer();
  using dir = tempDir();
  const trainer = startTrainer(dir.path, server);
  await trainer.reached(20);
  await trainer.kill();
  const second = server.config.slice(server.config.indexOf("- name"))
    .replace("test", "second");
  const config = join(dir.path, "t9k-config.yaml");
  Deno.writeTextFileSync(config, other.config + second);
  const { stdout, stderr } = await runScript(
    `
    import { upload } from "@t9k/em";
    const [first] = await upload(".em/runs");
    console.log(first.error ?? first.report.node.path);`,
    { dir: dir.path, env: { ...PLAIN, T9K_CONFIG: config } },
  );
  assertEquals(stdout, "/demo/kills/killed\n", stderr);
  await assertWhole(server, onlyRun(dir.path));
});
