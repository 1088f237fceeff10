/**
 * One round of the benchmark `upload`: `upload_child.ts LOOP on|off` logs, and prints the nanoseconds that a `log()` took
 * (where each call is timed by itself, mean and median differ).
 * With `on`, `EM_BENCH_HOST` and `EM_BENCH_KEY` lead to the server.
 *
 * @module
 */
import { delay } from "@std/async";
import { createRun, login, type Run } from "../../mod.ts";
import { median } from "./measure.ts";

const TIGHT_RECORDS = 1_000_000;
const PACED_RECORDS = 3_000;
const WARM_UP_RECORDS = 20_000;

const [loop = "", upload] = Deno.args;
const autoUpload = upload === "on";
if (autoUpload) {
  await login({
    host: Deno.env.get("EM_BENCH_HOST") ?? "",
    apiKey: Deno.env.get("EM_BENCH_KEY") ?? "",
  });
}
const run = await createRun({ name: "bench", autoUpload });
let step = 0;
for (let i = 0; i < WARM_UP_RECORDS; i++) log(run);

const loops: Readonly<Record<string, () => number[] | Promise<number[]>>> = {
  tight() {
    const start = performance.now();
    for (let i = 0; i < TIGHT_RECORDS; i++) log(run);
    return [(performance.now() - start) / TIGHT_RECORDS];
  },
  async yielding() {
    const start = performance.now();
    for (let i = 0; i < TIGHT_RECORDS; i++) {
      log(run);
      if (i % 10_000 === 0) await delay(0);
    }
    return [(performance.now() - start) / TIGHT_RECORDS];
  },
  paced() {
    const spentMs = new Array<number>(PACED_RECORDS);
    for (let i = 0; i < PACED_RECORDS; i++) {
      const computed = performance.now() + 1;
      while (performance.now() < computed);
      const start = performance.now();
      log(run);
      spentMs[i] = performance.now() - start;
    }
    return spentMs;
  },
};
const spentMs = await loops[loop]?.() ?? [];
const mean = spentMs.reduce((sum, ms) => sum + ms, 0) / spentMs.length;
const { upload: report } = await run.finish({ timeoutMs: 0 });
if (autoUpload && (report.state === "off" || report.sentObjects === 0)) {
  throw new Error("Nothing was uploaded meanwhile");
}
// deno-lint-ignore no-console -- its answer
console.log(
  JSON.stringify({ mean: mean * 1e6, median: median(spentMs) * 1e6 }),
);

function log(run: Run): void {
  step++;
  run.log("train", { loss: 0.3 + 1 / step, accuracy: 0.9 - 1 / step }, {
    step,
  });
}
