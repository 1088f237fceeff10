import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { dirname, join } from "@std/path";
import {
  DamagedFileError,
  InUseError,
  loadRun,
  type LoadRunOptions,
} from "../../mod.ts";
import { formatTimestamp } from "../../src/format/timestamp.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { stateDir } from "../../src/local/layout.ts";
import { claim, readOwner } from "../../src/local/owner.ts";
import { fingerprint, fromTyped, type Typed } from "../format/typed_value.ts";
import { filesOf } from "../support/em_server.ts";
import { runScript, spawnScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { copyRun, fixtureRuns, FIXTURES } from "./fixture_runs.ts";

/** The runs that only Python can load, or nobody. */
const UNLOADABLE: Readonly<Record<string, RegExp>> = {
  c04_tuple_anchor: /hyperparameters\.yaml", line 1: .*Python object/,
};

Deno.test("loadRun() continues every run that the Python SDK wrote, and leaves what is not its own", async () => {
  let loaded = 0;
  for (const fixture of fixtureRuns()) {
    const name = dirname(dirname(fixture));
    if (name === "c22_torn_metrics") continue;
    using dir = tempDir();
    const path = await copyRun(fixture, dir.path);
    const before = filesOf(path);
    const why = UNLOADABLE[name];
    if (why !== undefined) {
      const error = await assertRejects(() => loadRun(path), DamagedFileError);
      assertMatch(error.message, why);
      assertEquals(filesOf(path), before, fixture);
      assertEquals(readOwner(path), undefined);
      continue;
    }
    const run = await loadRun(`${path}/`, { captureConsole: false });
    const old = parseYaml(before.get("metadata.yaml") ?? "") as Record<
      string,
      unknown
    >;
    assertEquals(run.local, path);
    assertEquals({ ...run.toDict(), status: 0, endTimestamp: 0 }, {
      ...old,
      status: 0,
      endTimestamp: 0,
    } as never);
    assertEquals([run.status, run.endTimestamp], ["Running", null]);
    const { train: trainOnce = [], ...othersOnce } = run.metrics;
    run.log("train", { loss: 1 }, { step: 1_000_000 });
    const { train = [], ...others } = run.metrics;
    assertEquals(others, othersOnce, fixture);
    assertEquals(train.slice(0, -1), trainOnce, fixture);
    await run.finish();
    const after = filesOf(path);
    for (
      const kept of [
        "platform.yaml",
        "git.yaml",
        "hyperparameters.yaml",
        "stdout.log",
      ]
    ) assertEquals(after.get(kept), before.get(kept), `${fixture} ${kept}`);
    const trainBefore = before.get("metrics/train.yaml") ?? "";
    assert(after.get("metrics/train.yaml")?.startsWith(trainBefore), fixture);
    assertMatch(
      Deno.readTextFileSync(join(stateDir(path), "continued.jsonl")),
      /^\{"timestamp":.*"deno":/,
    );
    loaded++;
  }
  assertEquals(loaded > 20, true, `${loaded}`);
});

/** What PyYAML reads from a fixture's file, for comparison by {@linkcode fingerprint}. */
function parsed(path: string): unknown {
  const text = Deno.readTextFileSync(join(FIXTURES, "_parsed", `${path}.json`));
  const { ok } = JSON.parse(text) as { ok: Typed };
  assertNotEquals(ok, undefined, path);
  return plain(fromTyped(ok));
}

/** Objects in place of maps: a key that is no string is its text here. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries(
    [...value].map(([key, item]) => [String(key), plain(item)]),
  );
}

Deno.test("loadRun() has the values that the Python SDK has", async () => {
  let metricTypes = 0;
  for (const fixture of fixtureRuns()) {
    const name = dirname(dirname(fixture));
    if (name in UNLOADABLE || name === "c22_torn_metrics") continue;
    using dir = tempDir();
    const path = await copyRun(fixture, dir.path);
    const same = (actual: unknown, file: string) =>
      assertEquals(
        fingerprint(actual),
        fingerprint(parsed(`${fixture}/${file}`)),
        `${fixture}/${file}`,
      );
    const run = await loadRun(path, { captureConsole: false });
    const metadata = parsed(`${fixture}/metadata.yaml`) as object;
    assertEquals(
      fingerprint({ ...run.toDict(), status: 0, endTimestamp: 0 }),
      fingerprint({ ...metadata, status: 0, endTimestamp: 0 }),
      fixture,
    );
    same(run.hparams.toDict(), "hyperparameters.yaml");
    same(run.git, "git.yaml");
    const { hostname, os, python, pypkgs, framework } = run.platform;
    same({ hostname, os, python, pypkgs, framework }, "platform.yaml");
    for (const [type, records] of Object.entries(run.metrics)) {
      metricTypes++;
      same(records, `metrics/${type}.yaml`);
    }
    await run.finish();
  }
  assert(metricTypes > 8, `${metricTypes}`);
});

Deno.test("loadRun() has platform and git as the Python SDK wrote them", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c16_git_repo_clean/runs/in-git-repo_261123_084140_okq7pv",
    dir.path,
  );
  await using run = await loadRun(path, { captureConsole: false });
  const read = (file: string) =>
    parseYaml(Deno.readTextFileSync(join(path, file)));
  assertEquals(run.git, read("git.yaml") as never);
  assertEquals(run.platform, {
    ...read("platform.yaml") as Record<string, unknown>,
    deno: null,
    v8: null,
    typescript: null,
  } as never);
});

Deno.test("loadRun() refuses a run that is being written, here or elsewhere", async () => {
  using dir = tempDir();
  const here = await copyRun(
    "c01_plain/runs/default_261123_082108_n30tex",
    dir.path,
  );
  const run = await loadRun(here, { captureConsole: false });
  const error = await assertRejects(() => loadRun(here), InUseError);
  assertMatch(error.message, /this very process/);
  assertEquals(run.status, "Running");
  await run.finish();

  const child = spawnScript(
    `import { createRun } from "@t9k/em";
    const run = await createRun({ name: "child" });
    run.log("train", { loss: 1 }, { step: 1 });
    Deno.stdout.writeSync(new TextEncoder().encode(run.local + "\\n"));
    setInterval(() => {}, 1000);`,
    { dir: dir.path, env: { EM_RUN_PARENT_DIR: dir.path } },
  );
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += text;
    if (!said.includes("\n")) continue;
    const path = said.trim();
    const other = await assertRejects(() => loadRun(path), InUseError);
    assertMatch(other.message, new RegExp(`process ${child.pid} `));
    child.kill("SIGKILL");
  }
  await child.status;
  await child.stderr.cancel();

  const killed = await loadRun(said.trim(), { captureConsole: false });
  killed.log("train", { loss: 0.5 }, { step: 2 });
  assertEquals(killed.metrics.train?.map(({ sequence }) => sequence.step), [
    1,
    2,
  ]);
  assertEquals((await killed.finish()).status, "Complete");
});

Deno.test("loadRun() goes on in a moved directory, under that directory's name, and starts where it started", async () => {
  using dir = tempDir();
  const moved = join(dir.path, "elsewhere");
  Deno.renameSync(
    await copyRun("c01_plain/runs/default_261123_082108_n30tex", dir.path),
    moved,
  );
  const log = Deno.readTextFileSync(join(moved, "stdout.log"));
  const old = parseYaml(
    Deno.readTextFileSync(join(moved, "metadata.yaml")),
  ) as { startTimestamp: string; endTimestamp: string };
  const run = await loadRun<{ a: number }>(moved);
  // deno-lint-ignore no-console -- what is printed is what is recorded
  console.log("a line of the second part");
  run.hparams.a = 2;
  run.log("validate", { loss: 2 }, { step: 2 });
  assertEquals(run.alternativeName, "elsewhere");
  assertEquals(run.startTimestamp, old.startTimestamp);
  await run.finish();
  assertNotEquals(run.endTimestamp, old.endTimestamp);
  const files = filesOf(moved);
  assertEquals(files.get("stdout.log"), `${log}a line of the second part\n`);
  assertEquals(files.get("hyperparameters.yaml"), "a: 2\n");
  assertEquals([...files.keys()].includes("metrics/val.yaml"), true);
  assertEquals(
    [...Deno.readDirSync(dir.path)].map(({ name }) => name).sort(),
    [".state", "elsewhere"],
  );
});

Deno.test("loadRun() adds records to those that are there, whatever their steps", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c01_plain/runs/default_261123_082108_n30tex",
    dir.path,
  );
  for (const loss of [1, 2]) {
    const run = await loadRun(path, { captureConsole: false });
    run.log("again", { loss }, { step: 1 });
    await run.finish();
    const losses = run.metrics.again?.map(({ value }) => value.loss);
    assertEquals(losses, loss === 1 ? [1] : [1, 2]);
  }
});

Deno.test("loadRun() refuses what it cannot use", async () => {
  const table: readonly (readonly [unknown, unknown, string])[] = [
    [1, {}, "path must be a string"],
    ["", {}, "must not be empty"],
    ["x", 1, "takes an object of options"],
    ["x", { autoupload: true }, `no option "autoupload"`],
    ["x", { autoUpload: 1 }, "autoUpload must be a boolean"],
    ["x", { folder: "../x" }, "folder"],
    ["x", { conflictStrategy: "y" }, "conflictStrategy"],
  ];
  for (const [path, options, message] of table) {
    await assertRejects(
      () => loadRun(path as string, options as LoadRunOptions),
      Error,
      message,
    );
  }
});

Deno.test("loadRun() says what there is not when nobody is logged in", async () => {
  using dir = tempDir();
  const result = await runScript(
    `import { loadRun } from "@t9k/em";
    try { await loadRun("cnn/none"); } catch (error) { console.log(error.name, error.message); }`,
    { dir: dir.path, env: { T9K_CONFIG: join(dir.path, "none.yaml") } },
  );
  assertMatch(
    result.stdout,
    /^NotFoundError "cnn\/none" is not a local directory, and no server is known/,
  );
  const scoped = await runScript(
    `import { loadRun } from "@t9k/em";
    try { await loadRun("cnn/none"); } catch (error) { console.log(error.name, error.message); }`,
    {
      dir: dir.path,
      env: { T9K_CONFIG: join(dir.path, "none.yaml") },
      flags: [`--allow-read=${join(dir.path, "none.yaml")}`, "--allow-env"],
    },
  );
  assertMatch(
    scoped.stdout,
    /^PermissionError Cannot read the run directory "cnn\/none": run again with --allow-read=cnn\/none/,
    scoped.stderr,
  );
});

Deno.test("loadRun() of a run whose owner is noted, but gone, does not mind", async () => {
  using dir = tempDir();
  const path = await copyRun(
    "c12_kill9/runs/killed_261123_082123_6gcbyb",
    dir.path,
  );
  Deno.mkdirSync(stateDir(path), { recursive: true });
  const owner = { pid: 1, hostname: "gone", since: formatTimestamp() };
  const note = JSON.stringify(owner);
  Deno.writeTextFileSync(join(stateDir(path), "process.json"), note);
  await using run = await loadRun(path, { captureConsole: false });
  assertEquals(run.status, "Running");
  await assertRejects(
    () => Promise.resolve().then(() => claim(path, owner)),
    InUseError,
  );
});
