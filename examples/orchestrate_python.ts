/**
 * A training in Python as a run: its metrics, its output and the files that it writes, without a line of Deno in it.
 *
 *     deno run -A examples/orchestrate_python.ts
 *
 * `examples/python/train.py` needs `python3` and nothing that does not come with it.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fromFileUrl } from "@std/path";
import { createRun } from "@t9k/em";
import { MNIST_DIR } from "./mnist/dataset.ts";
import { hasPython } from "./python/has_python.ts";

if (!hasPython()) {
  console.log("NOT RUN: this example needs python3");
  Deno.exit();
}

const run = await createRun({
  name: "python_digits",
  hparams: { learning_rate: 0.1, epochs: 3, images: 1000 },
  labels: ["python"],
});
const { learning_rate, epochs, images } = run.hparams;
const { code, success } = await run.exec([
  "python3",
  fromFileUrl(new URL("python/train.py", import.meta.url)),
  `--data=${MNIST_DIR}`,
  `--learning-rate=${learning_rate}`,
  `--epochs=${epochs}`,
  `--images=${images}`,
]);
await run.finish({ status: success ? "Complete" : "Error" });

const { train = [], test = [] } = run.metrics;
const accuracy = test.at(-1)?.value.accuracy;
console.log(
  `exit code ${code}, status ${run.status}: ${train.length} losses, ${test.length} evaluations, accuracy ${accuracy}`,
);
console.log(`the model is in ${run.local}/model.json`);
Deno.exitCode = code;
