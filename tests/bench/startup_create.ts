/** The benchmark `startup`: how long the first `createRun` of a process takes. */
import { createRun } from "../../mod.ts";

const start = performance.now();
const run = await createRun({
  name: "bench",
  hparams: { batch_size: 32, lr: 0.1 },
});
const createMs = performance.now() - start;
await run.finish();
// deno-lint-ignore no-console -- its answer
console.log(JSON.stringify({ createMs }));
