/**
 * A run whose settings come from a YAML file: values in the file win over values in the script, so that an experiment
 * can be changed without touching code.
 *
 *     deno run -A examples/config_file.ts
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { fromFileUrl } from "@std/path";
import { createRun } from "@t9k/em";

const run = await createRun({
  configPath: fromFileUrl(new URL("run_config.yaml", import.meta.url)),
  name: "from_script",
  hparams: { learning_rate: 0.3, steps: 10, start: 10 },
});
console.log(`name           ${run.name}   (the script says "from_script")`);
console.log(`labels         ${run.labels.join(", ")}`);
console.log(
  `learning_rate  ${run.hparams.learning_rate}   (the script says 0.3)`,
);

let x = 10;
for (let step = 1; step <= run.hparams.steps; step++) {
  x -= run.hparams.learning_rate * 2 * (x - 3);
  run.log("train", { x, loss: (x - 3) ** 2 }, { step });
}

await run.finish();
console.log(`x = ${x.toFixed(4)} after ${run.hparams.steps} steps`);
