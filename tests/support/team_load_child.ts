/**
 * Some of a team's runs: `team_load_child.ts PREFIX RUNS SECONDS` logs and writes checkpoints for a while, all runs at once,
 * and prints a line of JSON for each run. `EM_TEAM_HOST` and `EM_TEAM_KEY` lead to the server.
 *
 * @module
 */
import { delay } from "@std/async";
import { join } from "@std/path";
import { createRun, login, type Run } from "../../mod.ts";
import type { TeamRun } from "./team_load.ts";

const TICK_MS = 100;
const CHECKPOINT_TICKS = 100;
const CHECKPOINT_BYTES = 200_000;

const [prefix = "", runs = "0", seconds = "0"] = Deno.args;
await login({
  host: Deno.env.get("EM_TEAM_HOST") ?? "",
  apiKey: Deno.env.get("EM_TEAM_KEY") ?? "",
});
const end = performance.now() + Number(seconds) * 1000;
await Promise.all(
  Array.from({ length: Number(runs) }, (_, index) => train(index)),
);

async function train(index: number): Promise<void> {
  const run = await createRun({
    name: `${prefix}_${index}`,
    hparams: { lr: 1 / (index + 1), batch_size: 32 },
    labels: [prefix],
    folder: "team",
    makeFolder: true,
    autoUpload: true,
    captureConsole: false,
  });
  // Not all at the same moment.
  await delay(Math.random() * TICK_MS);
  let step = 0;
  for (; performance.now() < end; step++) {
    run.log("train", { loss: Math.random(), accuracy: step / 1000 }, { step });
    if (step % 20 === 0) run.log("val", { loss: Math.random() }, { step });
    if ((step + index * 10) % CHECKPOINT_TICKS === 0) save(run, step);
    await delay(TICK_MS);
  }
  run.hparams.update({ steps: step });
  const { upload } = await run.finish({ timeoutMs: 120_000 });
  const line: TeamRun = {
    local: run.local,
    path: run.remote.at(-1)?.path ?? "",
    records: step,
    state: upload.state,
  };
  Deno.stdout.writeSync(
    new TextEncoder().encode(`${JSON.stringify(line)}\n`),
  );
}

function save(run: Run, step: number): void {
  const bytes = crypto.getRandomValues(new Uint8Array(50_000));
  const folder = join(run.local, "checkpoints");
  Deno.mkdirSync(folder, { recursive: true });
  using file = Deno.createSync(join(folder, `${step}.bin`));
  for (let at = 0; at < CHECKPOINT_BYTES;) at += file.writeSync(bytes);
}
