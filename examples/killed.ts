/**
 * Nothing is lost: a script that logs as fast as it can is killed with SIGKILL, and every record for which `log()` had
 * returned is on disk.
 *
 *     deno run -A examples/killed.ts
 *
 * The parent starts itself again as the child. The child logs, and after each `log()` tells the parent the step through
 * a pipe; the parent kills it in the middle and counts.
 *
 * @module
 */
// deno-lint-ignore-file no-console

import { join } from "@std/path";
import { parse } from "@std/yaml";
import { createRun } from "@t9k/em";

if (Deno.args[0] === "--child") await logForever();
else await killAndCount();

async function logForever(): Promise<never> {
  const run = await createRun({ name: "killed", captureConsole: false });
  tell(run.local);
  for (let step = 1;; step++) {
    run.log("train", { loss: 1 / step }, { step });
    tell(step);
  }
}

function tell(what: string | number): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${what}\n`));
}

async function killAndCount(): Promise<void> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", import.meta.url, "--child"],
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
    const before = said.length;
    said += text;
    if (before < 50_000 && said.length >= 50_000) child.kill("SIGKILL");
  }
  const { signal } = await child.status;

  const lines = said.split("\n").slice(0, -1);
  const acknowledged = Number(lines.at(-1));
  const kept = await recordsIn(join(lines[0] ?? "", "metrics", "train.yaml"));
  console.log(`the child was ended by ${signal}`);
  console.log(
    `log() had returned for ${acknowledged} records, the file has ${kept}`,
  );
  if (kept < acknowledged) Deno.exitCode = 1;
}

/** Counts the records, and sees that they are the steps 1, 2, 3 and so on. */
async function recordsIn(file: string): Promise<number> {
  const records = parse(await Deno.readTextFile(file)) as {
    sequence: { step: number };
  }[];
  const wrong = records.findIndex(({ sequence }, i) => sequence.step !== i + 1);
  if (wrong !== -1) {
    throw new Error(
      `Record ${wrong + 1} of "${file}" is not step ${wrong + 1}`,
    );
  }
  return records.length;
}
