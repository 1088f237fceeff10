/**
 * Records a training of TensorFlow.js with its callback: `model.fit` as everybody writes it, on the MNIST originals.
 *
 *     deno run -A examples/tfjs_callback.ts
 *
 * The optimizer and the loss become hyperparameters; the metrics of each epoch, of its validation, and of the test images
 * are logged.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun } from "@t9k/em";
import { tfjsCallback } from "@t9k/em/tfjs";
import { startBackend } from "./mnist/backend.ts";
import { loadMnist } from "./mnist/dataset.ts";
import { batchOf, buildNetwork } from "./mnist/network.ts";

await startBackend();
const { train, test } = await loadMnist();
const learn = batchOf(train, Uint32Array.from({ length: 2000 }, (_, i) => i));
const check = batchOf(test, Uint32Array.from({ length: 500 }, (_, i) => i));

const run = await createRun({
  name: "mnist_fit",
  hparams: { batch_size: 50, epochs: 3 },
  labels: ["MNIST", "TensorFlow.js"],
});
const model = buildNetwork({
  learning_rate: 0.001,
  linear_features1: 64,
  seed: 1,
});

const callback = tfjsCallback(run, model);
await model.fit(learn.images, learn.labels, {
  batchSize: run.hparams.batch_size,
  epochs: run.hparams.epochs,
  validationSplit: 0.1,
  verbose: 0,
  callbacks: callback,
});
const { loss, acc } = await callback.evaluate(check.images, check.labels);
await run.finish();

console.log("hyperparameters", run.hparams.toDict());
for (const [type, records] of Object.entries(run.metrics)) {
  for (const { value, sequence } of records) {
    console.log(type, `step ${sequence.step}`, value);
  }
}
console.log(`the test images: loss ${loss?.toFixed(3)}, right ${acc}`);
