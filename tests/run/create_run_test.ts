import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { createRun, type CreateRunOptions, type Run } from "../../mod.ts";
import { parseYaml } from "../../src/format/yaml_reader.ts";
import { stateDir } from "../../src/local/layout.ts";
import { readOwner } from "../../src/local/owner.ts";
import { parentDirs } from "../support/parent_dirs.ts";
import { runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

function read(run: Run<object>, file: string): unknown {
  return parseYaml(Deno.readTextFileSync(join(run.local, file)));
}

Deno.test("createRun() refuses what it cannot use, before anything is written", async () => {
  using dir = parentDirs();
  const table: [unknown, typeof TypeError | typeof RangeError, string][] = [
    ["x", TypeError, "takes an object of options"],
    [{ nam: "x" }, TypeError, `there is no option "nam"`],
    [{ name: 5 }, TypeError, "name"],
    [{ name: "" }, RangeError, "name"],
    [{ name: "cnn/keras" }, RangeError, `"cnn/keras"`],
    [{ name: "-a" }, RangeError, "-a"],
    [{ name: "a".repeat(41) }, RangeError, "40"],
    [{ labels: "abc" }, TypeError, "labels must be an array of strings"],
    [{ labels: [1] }, TypeError, "labels"],
    [{ description: 1 }, TypeError, "description must be a string"],
    [{ hparams: [1] }, TypeError, "hparams"],
    [{ hparams: { a: { b: () => 1 } } }, TypeError, "hparams.a.b"],
    [{ autoUpload: "yes" }, TypeError, "autoUpload must be a boolean"],
    [{ folder: 1 }, TypeError, "folder"],
    [{ folder: "../x" }, RangeError, "folder"],
    [{ makeFolder: 1 }, TypeError, "makeFolder"],
    [
      { conflictStrategy: "newer" },
      RangeError,
      `"skip", "error", "new", "replace"`,
    ],
    [{ captureConsole: 0 }, TypeError, "captureConsole"],
    [{ durability: "disk" }, RangeError, 'must be "process" or "power"'],
    [{ configPath: 7 }, TypeError, "configPath"],
  ];
  for (const [options, type, message] of table) {
    await assertRejects(
      () => createRun(options as CreateRunOptions),
      type,
      message,
      Deno.inspect(options),
    );
  }
  assertThrows(
    () => Deno.statSync(join(dir.path, "runs")),
    Deno.errors.NotFound,
  );
});

Deno.test("createRun() makes a directory that says what the run is, and keeps nothing of the caller's", async () => {
  using _dir = parentDirs();
  const labels = ["b", "a"];
  const hparams = { lr: 0.1, layers: [1, 2] };
  const run = await createRun({
    name: "cnn_mnist-1",
    labels,
    hparams,
    description: "学习: yes",
  });
  labels.push("c");
  hparams.layers.push(3);
  const lr: number = run.hparams.lr;
  assertEquals(lr, 0.1);
  assertEquals([run.name, run.labels, run.description, run.status], [
    "cnn_mnist-1",
    ["b", "a"],
    "学习: yes",
    "Running",
  ]);
  assertMatch(run.alternativeName, /^cnn_mnist-1_\d{6}_\d{6}_[a-z0-9]{6}$/);
  assertEquals(run.local.endsWith(run.alternativeName), true);
  assertEquals(run.endTimestamp, null);
  assertEquals([run.remote, run.associations, run.metrics], [[], {
    input: [],
    output: [],
  }, {}]);
  assertEquals(read(run, "metadata.yaml"), run.toDict());
  assertEquals(read(run, "hyperparameters.yaml"), { lr: 0.1, layers: [1, 2] });
  assertEquals(read(run, "platform.yaml"), run.platform);
  assertEquals(read(run, "git.yaml"), run.git);
  assertEquals(readOwner(run.local)?.pid, Deno.pid);
  await run.finish();
  assertEquals(readOwner(run.local), undefined);
});

Deno.test("a run's hyperparameters are on disk when the statement has finished", async () => {
  using _dir = parentDirs();
  const run = await createRun({
    hparams: { lr: 0.1, opt: { name: "adam", betas: [0.9] } },
  });
  const onDisk = () => read(run, "hyperparameters.yaml");
  run.hparams.lr = 0.2;
  assertEquals(onDisk(), { lr: 0.2, opt: { name: "adam", betas: [0.9] } });
  run.hparams.opt.betas.push(0.99);
  assertEquals(onDisk(), {
    lr: 0.2,
    opt: { name: "adam", betas: [0.9, 0.99] },
  });
  run.hparams.update({ opt: { name: "sgd" }, steps: 10n });
  assertEquals(onDisk(), { lr: 0.2, opt: { name: "sgd" }, steps: 10 });
  await run.finish();
});

Deno.test("run.log() refuses what it cannot record, naming it, and writes nothing then", async () => {
  using _dir = parentDirs();
  const run = await createRun();
  type Log = (type: unknown, metrics: unknown, position?: unknown) => void;
  const log = run.log.bind(run) as Log;
  const step = { step: 1 };
  const table: [
    unknown,
    unknown,
    unknown,
    typeof TypeError | typeof RangeError,
    string,
  ][] = [
    ["../evil", { a: 1 }, step, RangeError, "../evil"],
    ["a/b", { a: 1 }, step, RangeError, "a/b"],
    ["", { a: 1 }, step, RangeError, "type"],
    ["x".repeat(129), { a: 1 }, step, RangeError, "128"],
    [5, { a: 1 }, step, TypeError, "type"],
    ["train", { loss: "0.5" }, step, TypeError, `metric "loss"`],
    ["train", { ok: 1, loss: undefined }, step, TypeError, `metric "loss"`],
    ["train", { loss: [1] }, step, TypeError, `metric "loss"`],
    ["train", [1], step, TypeError, "object of numbers"],
    ["train", null, step, TypeError, "null"],
    ["train", { loss: 1 }, undefined, TypeError, "{ step: number }"],
    ["train", { loss: 1 }, 5, TypeError, "{ step: number }"],
    ["train", { loss: 1 }, { step: "1" }, TypeError, "step"],
    ["train", { loss: 1 }, { step: NaN }, RangeError, "finite"],
    [
      "train",
      { loss: 1 },
      { step: 1, epoch: Infinity },
      RangeError,
      "epoch must be finite",
    ],
    ["train", { loss: 1 }, { step: 1, epoch: "1" }, TypeError, "epoch"],
  ];
  for (const [type, metrics, position, error, message] of table) {
    assertThrows(
      () => log(type, metrics, position),
      error,
      message,
      Deno.inspect([type, metrics, position]),
    );
  }
  assertEquals([...Deno.readDirSync(join(run.local, "metrics"))], []);
  assertEquals(read(run, "index.yaml"), {
    hyperparameters: "hyperparameters.yaml",
    metrics: {},
    platform: "platform.yaml",
    git: "git.yaml",
    log: "stdout.log",
  });
  await run.finish();
});

Deno.test("run.metrics reads back what was logged, exactly, under the folded types, which the index lists", async () => {
  using _dir = parentDirs();
  const run = await createRun();
  const values = [NaN, Infinity, -Infinity, -0, 5e-324, 1e21, 0.1 + 0.2];
  values.forEach((value, step) =>
    run.log("training", { value }, { step, epoch: 1 })
  );
  run.log("train", { "学习率": true, "a: b": 3n }, { step: 2.5 });
  run.log("train", JSON.parse(`{"__proto__": 7, "b": true}`), { step: -1 });
  for (const type of ["validate", "validation", "val"]) {
    run.log(type, { loss: 1 }, { step: 1 });
  }
  for (const type of ["testing", "eval", "evaluate", "evaluation"]) {
    run.log(type, {}, { step: 1 });
  }
  const { train = [], val = [], test = [] } = run.metrics;
  assertEquals(train.slice(0, 7).map((record) => record.value.value), values);
  assert(Object.is(train[3]?.value.value, -0));
  assertEquals(train[7]?.value, { "学习率": 1, "a: b": 3 });
  assertEquals(Object.entries(train[8]?.value ?? {}), [["__proto__", 7], [
    "b",
    1,
  ]]);
  assertEquals(train.map((record) => record.sequence.step), [
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    2.5,
    -1,
  ]);
  assertEquals([train[0]?.sequence.epoch, train[7]?.sequence.epoch], [1, null]);
  assertEquals([val.length, test.length, test[0]?.value], [3, 4, {}]);
  assertEquals((read(run, "index.yaml") as { metrics: unknown }).metrics, {
    train: "metrics/train.yaml",
    val: "metrics/val.yaml",
    test: "metrics/test.yaml",
  });
  await run.finish();
});

Deno.test("run.finish() makes the run Complete once; a second call returns the same promise", async () => {
  using _dir = parentDirs();
  const run = await createRun();
  const first = run.finish();
  assertStrictEquals(run.finish(), first);
  assertEquals(await first, { status: "Complete", upload: { state: "off" } });
  assertNotEquals(run.endTimestamp, null);
  assertEquals(read(run, "metadata.yaml"), run.toDict());
  assertEquals(await run.flush(), { state: "off" });
});

Deno.test("run.finish() that the disk refuses leaves the run going on, and can be called again", async () => {
  using _dir = parentDirs();
  const run = await createRun({ name: "full" });
  const state = stateDir(run.local);
  // Nothing can be written there, as on a full disk.
  Deno.renameSync(state, `${state}.away`);
  Deno.writeTextFileSync(state, "");
  await assertRejects(() => run.finish(), Deno.errors.NotADirectory);
  assertEquals(run.status, "Running");
  Deno.removeSync(state);
  Deno.renameSync(`${state}.away`, state);
  run.log("train", { loss: 1 }, { step: 1 });
  assertEquals((await run.finish()).status, "Complete");
  assertEquals(run.metrics.train?.length, 1);
});

Deno.test("await using finishes the run", async () => {
  using _dir = parentDirs();
  let kept: Run;
  {
    await using run = await createRun();
    kept = run;
  }
  assertEquals(kept.status, "Complete");
});

Deno.test("what is logged after finish() is kept, and does not change the status", async () => {
  using _dir = parentDirs();
  const run = await createRun({ hparams: { a: 1 } });
  run.log("train", { loss: 1 }, { step: 1 });
  await run.finish();
  run.log("train", { loss: 2 }, { step: 2 });
  run.hparams.a = 2;
  assertEquals(run.metrics.train?.length, 2);
  assertEquals([run.status, read(run, "hyperparameters.yaml")], ["Complete", {
    a: 2,
  }]);
});

Deno.test("run.parseFromDict() takes a description from plain data, and nothing from what is damaged", async () => {
  using _dir = parentDirs();
  const run = await createRun({ name: "a" });
  const data = {
    ...run.toDict(),
    name: "b",
    labels: ["x"],
    description: "new",
    alternativeName: "../../evil",
  };
  run.parseFromDict(data);
  assertEquals([run.name, run.labels, run.description], ["b", ["x"], "new"]);
  assertMatch(run.alternativeName, /^a_/);
  assertEquals(read(run, "metadata.yaml"), run.toDict());
  assertThrows(
    () => run.parseFromDict({ ...data, status: "Done" as "Error" }),
    Error,
    "status",
  );
  assertEquals(run.name, "b");
  await run.finish();
});

Deno.test("a hundred runs created at once never share a directory", async () => {
  // In a process of its own: a git that is given up on a busy machine goes on for a while.
  using dir = tempDir();
  const { code, stdout } = await runScript(
    `import { createRun } from "@t9k/em";
     const options = { name: "same", captureConsole: false };
     const runs = await Promise.all(Array.from({ length: 100 }, () => createRun(options)));
     await Promise.all(runs.map((run) => run.finish()));
     console.log(new Set(runs.map((run) => run.local)).size);`,
    { dir: dir.path },
  );
  assertEquals([code, stdout.trim()], [0, "100"]);
});

Deno.test("createRun() leaves the console alone when told to", async () => {
  using _dir = parentDirs();
  const before = Deno.stdout.writeSync;
  const run = await createRun({ captureConsole: false });
  assertStrictEquals(Deno.stdout.writeSync, before);
  assertEquals(Deno.readTextFileSync(join(run.local, "stdout.log")), "");
  await run.finish();
});
