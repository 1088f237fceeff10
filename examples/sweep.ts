/**
 * A grid of hyperparameters: each point is a run with a training of its own, two at once, and the best comes first in
 * the table at the end.
 *
 *     deno run -A examples/sweep.ts
 *
 * `examples/python/train.py` needs `python3` and nothing that does not come with it.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { pooledMap } from "@std/async";
import { fromFileUrl } from "@std/path";
import { createRun } from "@t9k/em";
import { MNIST_DIR } from "./mnist/dataset.ts";
import { hasPython } from "./python/has_python.ts";

interface Point {
  readonly learning_rate: number;
  readonly images: number;
}

if (!hasPython()) {
  console.log("NOT RUN: this example needs python3");
  Deno.exit();
}

const grid: Point[] = [0.01, 0.1, 1].flatMap((learning_rate) =>
  [300, 600].map((images) => ({ learning_rate, images }))
);

const rows = await Array.fromAsync(pooledMap(2, grid, train));
rows.sort((a, b) => b.accuracy - a.accuracy);
console.table(rows);
const failed = rows.filter(({ status }) => status !== "Complete").length;
console.log(`${rows.length} runs, ${failed} failed`);
Deno.exitCode = failed === 0 ? 0 : 1;

async function train(hparams: Point) {
  // What this script prints is about all runs, and belongs to none of them.
  const run = await createRun({
    name: "sweep",
    hparams,
    labels: ["sweep"],
    captureConsole: false,
  });
  const { success } = await run.exec([
    "python3",
    fromFileUrl(new URL("python/train.py", import.meta.url)),
    `--data=${MNIST_DIR}`,
    "--epochs=2",
    `--learning-rate=${hparams.learning_rate}`,
    `--images=${hparams.images}`,
  ], { showOutput: false, stdin: "null" });
  const { status } = await run.finish({
    status: success ? "Complete" : "Error",
  });
  const { accuracy = NaN, loss = NaN } = run.metrics.test?.at(-1)?.value ?? {};
  const { alternativeName } = run;
  return { run: alternativeName, ...hparams, status, accuracy, loss };
}
