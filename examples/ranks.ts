/**
 * Several processes record in one run: the parent has it, and three children join it, each as a rank with files of its own.
 *
 *     deno run -A examples/ranks.ts
 *
 * Each rank takes a part of the numbers whose mean is sought; the parent sees all that they record.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun, joinRun } from "@t9k/em";

interface Hparams {
  learning_rate: number;
  steps: number;
}

const RANKS = [1, 2, 3];

if (Deno.env.has("RANK")) await work();
else await lead();

async function work(): Promise<void> {
  // Which run, and which rank, it knows by EM_RUN_DIR and RANK.
  const rank = await joinRun<Hparams>();
  const { learning_rate, steps } = rank.hparams;
  const goal = rank.rank * 10;
  let x = 0;
  for (let step = 1; step <= steps; step++) {
    x -= learning_rate * 2 * (x - goal);
    rank.log("train", { x, loss: (x - goal) ** 2 }, { step });
  }
  await rank.finish();
}

async function lead(): Promise<void> {
  const run = await createRun<Hparams>({
    name: "ranks",
    hparams: { learning_rate: 0.1, steps: 50 },
  });
  await Promise.all(
    RANKS.map((rank) =>
      run.exec([Deno.execPath(), "run", "-A", import.meta.url], {
        env: { RANK: String(rank) },
        stdin: "null",
      })
    ),
  );
  const all = run.metrics;
  const last = RANKS.map((rank) => all[`train@rank${rank}`]?.at(-1)?.value.x);
  const mean = last.reduce((sum: number, x) => sum + (x ?? NaN), 0) /
    RANKS.length;
  run.log("train", { mean }, { step: run.hparams.steps });
  await run.finish();
  console.log(`the ranks end at ${last.map((x) => x?.toFixed(2)).join(", ")}`);
  console.log(`mean ${mean.toFixed(2)}, recorded in ${run.local}`);
}
