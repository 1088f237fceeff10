/**
 * The benchmark `memory`: `memory_child.ts on|off` logs a million records and delivers them, and prints how much memory
 * that took. With `on`, `EM_BENCH_HOST` and `EM_BENCH_KEY` lead to the server.
 *
 * @module
 */
import { delay } from "@std/async";
import { createRun, login } from "../../mod.ts";

const RECORDS = 1_000_000;
const RECORDS_AT_ONCE = 10_000;
const MIB = 1024 * 1024;

const autoUpload = Deno.args[0] === "on";
if (autoUpload) {
  await login({
    host: Deno.env.get("EM_BENCH_HOST") ?? "",
    apiKey: Deno.env.get("EM_BENCH_KEY") ?? "",
  });
}
const run = await createRun({ name: "bench", autoUpload });
if (autoUpload) await run.flush();
const startBytes = Deno.memoryUsage().rss;
let peakBytes = startBytes;
const look = () => {
  peakBytes = Math.max(peakBytes, Deno.memoryUsage().rss);
};
const timer = setInterval(look, 20);
for (let step = 0; step < RECORDS; step++) {
  run.log("train", { loss: 1 / (step + 1), accuracy: 0.9 }, { step });
  if (step % RECORDS_AT_ONCE === 0) {
    look();
    await delay(5);
  }
}
const { upload } = await run.finish();
clearInterval(timer);
look();
if (autoUpload && upload.state !== "complete") {
  throw new Error(`The upload is ${upload.state}`);
}
// deno-lint-ignore no-console -- its answer
console.log(JSON.stringify({
  peakMiB: (peakBytes - startBytes) / MIB,
  endMiB: (Deno.memoryUsage().rss - startBytes) / MIB,
}));
