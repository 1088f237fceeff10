/**
 * Uploads a directory in a process of its own: `deliver_child.ts DIR HOST KEY`, then says what was sent and how much its
 * memory grew.
 *
 * @module
 */
import { deliverOnce } from "../../../src/upload/delivering/deliver_once.ts";
import { INTENT, NODE, Told } from "./support.ts";

const [dir = "", host = "", apiKey = ""] = Deno.args;
const startBytes = Deno.memoryUsage().rss;
const start = performance.now();
const { state, sentBytes } = await deliverOnce({
  dir,
  node: NODE,
  target: { host, apiKey },
  intent: INTENT,
  timeoutMs: 10 * 60_000,
  reporter: new Told(),
});
const ms = performance.now() - start;
const status = Deno.readTextFileSync("/proc/self/status");
const peakBytes = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
// deno-lint-ignore no-console -- its answer
console.log(
  JSON.stringify({
    state,
    sentBytes,
    ms,
    peakBytes,
    grownBytes: peakBytes - startBytes,
  }),
);
