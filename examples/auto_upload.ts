/**
 * Background upload: the records of a loop that never pauses are on the server before the loop has ended.
 *
 *     deno run -A examples/auto_upload.ts
 *
 * Starts a server of its own, estimates pi by random points for three seconds without a single `await`, and asks the
 * server what it has. With a server of yours, leave the server out and call `login()` without arguments.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun, login } from "@t9k/em";
import { seededRandom } from "./mnist/shuffle.ts";
import { startServerThread } from "./server_thread/mod.ts";

const dataDir = await Deno.makeTempDir({ prefix: "em-auto-upload-" });
const server = await startServerThread(dataDir);
await login({ host: server.url, apiKey: server.apiKey });

const run = await createRun({
  name: "pi",
  hparams: { seconds: 3, points_per_step: 1_000_000, seed: 1 },
  autoUpload: true,
  folder: "examples/monte-carlo",
  makeFolder: true,
});

const { seconds, points_per_step, seed } = run.hparams;
const random = seededRandom(seed);
const end = performance.now() + seconds * 1000;
let [inside, points, step] = [0, 0, 0];
while (performance.now() < end) {
  for (let i = 0; i < points_per_step; i++) {
    if (random() ** 2 + random() ** 2 < 1) inside++;
  }
  points += points_per_step;
  const pi = 4 * inside / points;
  run.log("train", { pi, error: Math.abs(pi - Math.PI) }, { step: ++step });
}
const atTheEnd = await server.stats();

const { upload } = await run.finish();
const total = await server.stats();
console.log(
  `pi is about ${(4 * inside / points).toFixed(5)} after ${step} steps`,
);
console.log(
  `the server had ${atTheEnd.receivedBodyBytes} bytes when the loop ended, ` +
    `and ${total.receivedBodyBytes} after finish(): upload ${upload.state}`,
);

await server.shutdown();
await Deno.remove(dataDir, { recursive: true });
