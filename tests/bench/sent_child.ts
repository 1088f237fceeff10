/**
 * The benchmark `sent`: `sent_child.ts SECONDS RATE` trains for that long, with so many steps a second, and prints the run's node and the sizes of its files.
 *
 * @module
 */

// deno-lint-ignore-file no-console -- a script that prints

import { delay } from "@std/async";
import { createRun, login } from "../../mod.ts";
import { filesOf } from "../support/em_server.ts";

const [seconds = 0, rate = 0] = Deno.args.map(Number);

await login({
  host: Deno.env.get("EM_BENCH_HOST") ?? "",
  apiKey: Deno.env.get("EM_BENCH_KEY") ?? "",
});
const run = await createRun({
  name: "bench",
  hparams: { batch_size: 32, lr: 0.1 },
  autoUpload: true,
});
const start = performance.now();
for (let step = 1; step <= seconds * rate; step++) {
  run.log("train", { loss: 0.3 + 1 / step, accuracy: 0.9 - 1 / step }, {
    step,
    epoch: 1,
  });
  if (step % (10 * rate) === 0) {
    run.log("val", { loss: 1 / step, accuracy: 0.8 }, { step, epoch: 1 });
    console.log(`step ${step}`);
  }
  await delay(start + step * 1000 / rate - performance.now());
}
const { upload } = await run.finish();
if (upload.state !== "complete") throw new Error(`The upload: ${upload.state}`);
const sizes = [...filesOf(run.local)].map(([file, text]) => [
  file,
  new TextEncoder().encode(text).length,
]);
console.log(JSON.stringify({
  node: upload.node?.path,
  sizes: Object.fromEntries(sizes),
}));
