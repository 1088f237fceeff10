/**
 * A run in two parts on two machines: the first part is uploaded and its directory lost, the second part loads the run
 * from the server and goes on in the same node.
 *
 *     deno run -A examples/continue_run.ts
 *
 * Starts a server of its own, and minimizes (x - 3)² by gradient descent. With a server of yours, leave the server out
 * and call `login()` without arguments.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun, loadRun, login, type Run } from "@t9k/em";
import { startServerThread } from "./server_thread/mod.ts";

interface Hparams {
  learning_rate: number;
  steps: number;
}

const dataDir = await Deno.makeTempDir({ prefix: "em-continue-run-" });
const server = await startServerThread(dataDir);
await login({ host: server.url, apiKey: server.apiKey });

const first = await createRun<Hparams>({
  name: "descent",
  hparams: { learning_rate: 0.02, steps: 20 },
  autoUpload: true,
  folder: "examples/continue",
  makeFolder: true,
});
descend(10, { from: 1, to: first.hparams.steps, run: first });
await first.finish();
await Deno.remove(first.local, { recursive: true });
console.log(`"${first.local}" is lost after ${first.hparams.steps} steps`);

const run = await loadRun<Hparams>("examples/continue/descent", {
  autoUpload: true,
});
const records = run.metrics.train ?? [];
const last = records.at(-1);
console.log(`loaded with ${records.length} records`);

run.hparams.update({ learning_rate: 0.2, steps: 40 });
const x = descend(last?.value.x ?? 10, {
  from: (last?.sequence.step ?? 0) + 1,
  to: run.hparams.steps,
  run,
});
const { upload } = await run.finish();
console.log(
  `x = ${
    x.toFixed(4)
  } after ${run.metrics.train?.length} steps; upload ${upload.state}`,
);

await server.shutdown();
await Deno.remove(dataDir, { recursive: true });

function descend(
  x: number,
  { from, to, run }: {
    readonly from: number;
    readonly to: number;
    readonly run: Run<Hparams>;
  },
): number {
  for (let step = from; step <= to; step++) {
    x -= run.hparams.learning_rate * 2 * (x - 3);
    run.log("train", { x, loss: (x - 3) ** 2 }, { step });
  }
  return x;
}
