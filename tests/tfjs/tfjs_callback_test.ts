import {
  assertAlmostEquals,
  assertEquals,
  assertMatch,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { join } from "@std/path";
import { parse } from "@std/yaml";
import { tfjsCallback, type TfjsModel } from "@t9k/em/tfjs";
import { onlyRun, ROOT, runScript } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";

/** Trains for real, on MNIST, in a process of its own; what the code answers comes back, and the run directory with it. */
async function train(code: string): Promise<Trained> {
  using dir = tempDir();
  const { code: exit, stdout, stderr } = await runScript(
    `
import { createRun } from "@t9k/em";
import { tfjsCallback } from "@t9k/em/tfjs";
import "@tensorflow/tfjs-backend-cpu";
import * as tf from "@tensorflow/tfjs-core";
import { callbacks } from "@tensorflow/tfjs-layers";
import { startBackend } from "${ROOT}examples/mnist/backend.ts";
import { loadMnist } from "${ROOT}examples/mnist/dataset.ts";
import { batchOf, buildNetwork } from "${ROOT}examples/mnist/network.ts";

const backend = await startBackend();
const { train, test } = await loadMnist();
const { images, labels } = batchOf(train, Uint32Array.from({ length: 300 }, (_, i) => i));
const checked = batchOf(test, Uint32Array.from({ length: 100 }, (_, i) => i));
const model = buildNetwork({ learning_rate: 0.01, linear_features1: 16, seed: 1 });
const fitOptions = { batchSize: 50, epochs: 2, verbose: 0 };
const answer = await (async () => { ${code} })();
console.log("ANSWER " + JSON.stringify(answer));
`,
    { dir: dir.path },
  );
  assertEquals(exit, 0, stderr);
  const run = onlyRun(dir.path);
  const read = (path: string) => parse(Deno.readTextFileSync(join(run, path)));
  const metrics = new Map(
    [...Deno.readDirSync(join(run, "metrics"))].map(({ name }) => [
      name,
      read(`metrics/${name}`) as FiledRecord[],
    ]),
  );
  return {
    answer: JSON.parse(/^ANSWER (.*)$/m.exec(stdout)?.[1] ?? ""),
    stderr,
    hparams: read("hyperparameters.yaml"),
    types: [...metrics.keys()].sort(),
    metrics: (type) => metrics.get(`${type}.yaml`) ?? [],
  };
}

interface Trained {
  // deno-lint-ignore no-explicit-any -- what JSON carries
  readonly answer: any;
  readonly stderr: string;
  readonly hparams: unknown;
  readonly types: readonly string[];
  readonly metrics: (type: string) => FiledRecord[];
}

interface FiledRecord {
  readonly value: Record<string, number>;
  readonly sequence: { readonly step: number; readonly epoch: number | null };
}

function positions(records: readonly FiledRecord[]): [number, number | null][] {
  return records.map(({ sequence: { step, epoch } }) => [step, epoch]);
}

Deno.test("tfjsCallback() records what the Python SDK's Keras callbacks record", async () => {
  const trained = await train(`
    const run = await createRun({ name: "fit", hparams: { epochs: 2 } });
    const callback = tfjsCallback(run, model);
    const { history } = await model.fit(images, labels, {
      ...fitOptions, validationSplit: 0.2, callbacks: callback,
    });
    const tensors = tf.memory().numTensors;
    const test = await callback.evaluate(checked.images, checked.labels);
    const kept = tf.memory().numTensors - tensors;
    const [loss, acc] = model.evaluate(checked.images, checked.labels).map((value) => value.dataSync()[0]);
    await run.finish();
    return { history, test, kept, again: { loss, acc }, iterations: model.optimizer.iterations, backend };
  `);
  const { history, test, again, iterations, kept, backend } = trained.answer;
  assertEquals(backend, "wasm");
  assertEquals(trained.types, ["test.yaml", "train.yaml", "val.yaml"]);
  assertEquals(trained.hparams, {
    epochs: 2,
    optimizer: {
      name: "Adam",
      learning_rate: 0.01,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
    },
    lossType: "sparseCategoricalCrossentropy",
    metricTypes: ["loss", "acc"],
  });
  // 240 images to train with, in batches of 50.
  const train_ = trained.metrics("train");
  assertEquals(positions(train_), [[5, 1], [10, 2]]);
  assertEquals(iterations, 10);
  const val = trained.metrics("val");
  assertEquals(positions(val), [[5, 1], [10, 2]]);
  for (const epoch of [0, 1]) {
    assertEquals(train_[epoch]?.value, {
      loss: history.loss[epoch],
      acc: history.acc[epoch],
    });
    assertEquals(val[epoch]?.value, {
      loss: history.val_loss[epoch],
      acc: history.val_acc[epoch],
    });
  }
  const [tested, ...more] = trained.metrics("test");
  assertEquals(more, []);
  assertEquals(tested?.value, test);
  assertEquals(test, again);
  assertEquals(tested?.sequence.step, 10);
  assertEquals(kept, 0);
  assertEquals(trained.stderr.match(/WARNING/g), null, trained.stderr);
});

Deno.test("tfjsCallback() leaves the user's hyperparameters, and goes on over several trainings", async () => {
  const trained = await train(`
    await tf.setBackend("cpu");
    const run = await createRun({ name: "fit", hparams: { optimizer: "mine" } });
    const callback = tfjsCallback(run, model);
    await model.fit(images, labels, { ...fitOptions, yieldEvery: "never", callbacks: callback });
    model.compile({ optimizer: tf.train.momentum(0.05, 0.5, true), loss: tf.losses.meanSquaredError });
    const before = run.hparams.toDict();
    await model.fit(images, tf.oneHot(labels.cast("int32"), 10), { ...fitOptions, epochs: 3, initialEpoch: 2, callbacks: [callback] });
    delete run.hparams.optimizer;
    await model.fit(images, tf.oneHot(labels.cast("int32"), 10), { ...fitOptions, epochs: 1, callbacks: [callback] });
    await run.finish();
    return { before };
  `);
  assertEquals(trained.answer.before, {
    optimizer: "mine",
    lossType: "sparseCategoricalCrossentropy",
    metricTypes: ["loss", "acc"],
  });
  assertEquals(trained.hparams, {
    lossType: "meanSquaredError",
    metricTypes: ["loss"],
    optimizer: {
      name: "Momentum",
      learning_rate: 0.05,
      momentum: 0.5,
      nesterov: true,
    },
  });
  const records = trained.metrics("train");
  assertEquals(positions(records), [[6, 1], [12, 2], [18, 3], [24, 1]]);
  assertEquals(records.map(({ value }) => value.learning_rate), [
    undefined,
    undefined,
    0.05,
    0.05,
  ]);
});

Deno.test("tfjsCallback() records the learning rate once it changes, beside callbacks that are classes", async () => {
  const trained = await train(`
    const run = await createRun({ name: "fit" });
    await model.fit(images, labels, { ...fitOptions, epochs: 1 });
    const callback = tfjsCallback(run, model);
    const schedule = callbacks.earlyStopping({ monitor: "loss", patience: 9 });
    const onEpochEnd = schedule.onEpochEnd.bind(schedule);
    schedule.onEpochEnd = async (epoch, logs) => {
      await onEpochEnd(epoch, logs);
      if (epoch >= 1) model.optimizer.learningRate /= 2;
    };
    await model.fit(images, labels, { ...fitOptions, epochs: 4, callbacks: [schedule, callback] });
    await run.finish();
    return null;
  `);
  const records = trained.metrics("train");
  // Six steps were taken before anybody listened.
  assertEquals(positions(records), [[12, 1], [18, 2], [24, 3], [30, 4]]);
  assertEquals(records.map(({ value }) => value.learning_rate), [
    undefined,
    undefined,
    0.005,
    0.0025,
  ]);
});

Deno.test("tfjsCallback() works with data sets", async () => {
  const trained = await train(`
    const run = await createRun({ name: "fit" });
    const callback = tfjsCallback(run, model, { initialStep: 1000 });
    const dataset = {
      size: 3,
      iterator: () => {
        let at = 0;
        return Promise.resolve({
          next: () => Promise.resolve(at === 3 ? { done: true, value: null } : {
            done: false,
            value: { xs: tf.slice(images, [100 * at, 0], [100, 784]), ys: tf.slice(labels, [100 * at++], [100]) },
          }),
        });
      },
    };
    const { history } = await model.fitDataset(dataset, { epochs: 2, verbose: 0, callbacks: callback });
    const test = await callback.evaluateDataset(dataset, {});
    await run.finish();
    return { history, test };
  `);
  const records = trained.metrics("train");
  assertEquals(positions(records), [[1003, 1], [1006, 2]]);
  assertEquals(
    records.map(({ value }) => value.loss),
    trained.answer.history.loss,
  );
  const [tested] = trained.metrics("test");
  assertAlmostEquals(tested?.value.loss ?? NaN, trained.answer.test.loss, 1e-6);
  assertEquals(tested?.sequence, { ...tested?.sequence, step: 1006 });
});

Deno.test("tfjsCallback() lets a training go on whose record cannot be kept, and says so once", async () => {
  const trained = await train(`
    const run = await createRun({ name: "fit" });
    const callback = tfjsCallback(run, model);
    model.optimizer.getConfig = () => { throw new Error("no settings today"); };
    Deno.removeSync(run.local + "/metrics", { recursive: true });
    const { history } = await model.fit(images, labels, { ...fitOptions, callbacks: callback });
    const test = await callback.evaluate(checked.images, checked.labels);
    Deno.mkdirSync(run.local + "/metrics");
    await run.finish();
    return { epochs: history.loss.length, test };
  `);
  assertEquals(trained.answer.epochs, 2);
  assertEquals(Object.keys(trained.answer.test), ["loss", "acc"]);
  const warnings = trained.stderr.split("\n")
    .filter((line) => line.startsWith("EM WARNING: "));
  assertEquals(warnings.length, 4, trained.stderr);
  assertMatch(
    warnings[0] ?? "",
    /Cannot record the optimizer and the loss in run "fit", the training goes on: no settings today$/,
  );
  assertStringIncludes(
    warnings[2] ?? "",
    "Cannot record the metrics of an epoch",
  );
});

Deno.test("tfjsCallback() refuses a first step that is none", () => {
  const run = {
    name: "fit",
    local: "",
    hparams: { update: () => {}, toDict: () => ({}) },
    log: () => {},
  };
  const model: TfjsModel = {
    evaluate: () => 0,
    evaluateDataset: () => Promise.resolve(0),
  };
  for (const initialStep of [-1, 0.5, NaN]) {
    assertThrows(
      () => tfjsCallback(run, model, { initialStep }),
      RangeError,
      "initialStep must be a whole number from 0",
    );
  }
});
