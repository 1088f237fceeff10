/**
 * The smallest use: a run on this machine. No server, no login.
 *
 *     deno run -A examples/quickstart.ts
 *
 * Minimizes (x - 3)² by gradient descent and keeps every step.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun } from "@t9k/em";

const run = await createRun({
  name: "quickstart",
  hparams: { learning_rate: 0.1, steps: 50 },
});

let x = 10;
for (let step = 1; step <= run.hparams.steps; step++) {
  x -= run.hparams.learning_rate * 2 * (x - 3);
  run.log("train", { x, loss: (x - 3) ** 2 }, { step });
}

await run.finish();
console.log(
  `x = ${
    x.toFixed(4)
  } after ${run.hparams.steps} steps; all of them are in ${run.local}`,
);
