/**
 * A training that is killed goes on with its run when the same script is started again.
 *
 *     deno run -A examples/preempted.ts
 *
 * The parent starts itself again as the training, which is killed with SIGKILL behind its last checkpoint, and then once
 * more. What was recorded between the checkpoint and the end is recorded anew, and read once.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { createRun, loadRun } from "@t9k/em";

if (Deno.args[0] === "--train") await train();
else await preempt();

async function train(): Promise<void> {
  const run = await createRun({
    name: "preempted",
    hparams: { learning_rate: 0.05, steps: 40 },
    resume: "auto",
  });
  const file = `${run.local}/checkpoint.json`;
  let { x, step } = { x: 10, step: 0 };
  if (run.attempt > 1) {
    ({ x, step } = JSON.parse(await Deno.readTextFile(file)));
  }
  console.log(
    `attempt ${run.attempt}: the last record is of step ${
      run.lastStep() ?? "none"
    }, the checkpoint of step ${step}`,
  );
  const { learning_rate, steps } = run.hparams;
  while (step < steps) {
    x -= learning_rate * 2 * (x - 3);
    step++;
    run.log("train", { loss: (x - 3) ** 2 }, { step });
    if (step % 10 === 0) {
      await Deno.writeTextFile(file, JSON.stringify({ x, step }));
    }
    if (run.attempt === 1 && step === 25) Deno.kill(Deno.pid, "SIGKILL");
  }
  await run.finish();
  console.log("in", run.local);
}

async function preempt(): Promise<void> {
  let said = "";
  for (const _attempt of [1, 2]) {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", import.meta.url, "--train"],
      stderr: "null",
    }).output();
    said += new TextDecoder().decode(stdout);
  }
  console.log(said.trimEnd());

  const [, dir = ""] = /^in (.*)$/m.exec(said) ?? [];
  const run = await loadRun(dir);
  const steps = run.metrics.train?.map(({ sequence }) => sequence.step) ?? [];
  await run.finish();
  const ends = run.attempts.slice(0, 2).map(({ status }) => status);
  console.log(`${steps.length} records, the attempts: ${ends.join(", ")}`);
  if (steps.some((step, at) => step !== at + 1)) Deno.exitCode = 1;
}
