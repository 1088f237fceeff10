/**
 * The benchmark `memory`: `memory_child.ts off|on|down` logs a million records and delivers them, and prints how much
 * memory that took. With `on` and `down`, `EM_BENCH_HOST` and `EM_BENCH_KEY` lead to the server; with `down` the process
 * `EM_BENCH_SERVER_PID` is killed before the first record.
 *
 * @module
 */
import { delay } from "@std/async";
import { createRun, login } from "../../mod.ts";

const RECORDS = 1_000_000;
const RECORDS_AT_ONCE = 10_000;
const MIB = 1024 * 1024;

const [mode = ""] = Deno.args;
const autoUpload = mode !== "off";
if (autoUpload) {
  await login({
    host: Deno.env.get("EM_BENCH_HOST") ?? "",
    apiKey: Deno.env.get("EM_BENCH_KEY") ?? "",
  });
}
const run = await createRun({ name: "bench", autoUpload });
if (autoUpload) await run.flush();
if (mode === "down") {
  Deno.kill(Number(Deno.env.get("EM_BENCH_SERVER_PID")), "SIGKILL");
}
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
const { upload } = await run.finish({
  timeoutMs: mode === "down" ? 5000 : 60_000,
});
clearInterval(timer);
look();
const wanted = { off: "off", on: "complete", down: "pending" }[mode];
if (upload.state !== wanted) {
  throw new Error(`The upload is ${upload.state}`);
}
// deno-lint-ignore no-console -- its answer
console.log(JSON.stringify({
  peakMiB: (peakBytes - startBytes) / MIB,
  endMiB: (Deno.memoryUsage().rss - startBytes) / MIB,
}));
