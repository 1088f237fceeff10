import { fromFileUrl, join } from "@std/path";
import { fingerprint } from "../../src/local/fingerprint.ts";
import {
  rememberIntent,
  rememberWhole,
} from "../../src/upload/notes/intent.ts";
import { ROOT } from "../support/script.ts";
import { writeRun } from "../support/plain_run.ts";
import { tempDir } from "../support/temp_dir.ts";
import { type BenchReport, median } from "./measure.ts";

const RUNS = 10_000;
const ROUNDS = 5;

/** `em ls` and `em status` of many local runs against `em --version`, as whole processes. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const runs = join(dir.path, "runs");
  for (let at = 0; at < RUNS; at++) {
    const run = writeRun(runs, {
      metadata: { name: `run${at % 20}`, labels: ["cnn"] },
      hparams: { lr: at / RUNS },
      metrics: { val: { accuracy: [0.5, at / RUNS] } },
    });
    // Of half of them a server is known to have all.
    if (at % 2 === 0) await noteUploaded(run);
  }
  const base: number[] = [];
  const plain: number[] = [];
  const columns: number[] = [];
  const status: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    base.push(await timed(["--version"]));
    plain.push(await timed(["ls", runs]));
    columns.push(await timed(["ls", runs, "--columns", "lr,val.accuracy"]));
    status.push(await timed(["status", runs]));
  }
  const line = (what: string, times: readonly number[], hold = "") =>
    `${what}: ${median(times).toFixed(0)} ms, ${
      (median(times) / median(base)).toFixed(1)
    } x em --version${hold}`;
  return {
    name:
      `em ls and em status of ${RUNS} local runs, medians of ${ROUNDS} processes`,
    lines: [
      line("the default table", plain, " (hold: 1000 ms)"),
      line("with a hyperparameter and a metric", columns),
      line("em status", status, " (hold: 1500 ms)"),
    ],
  };
}

async function noteUploaded(run: string): Promise<void> {
  const place = { host: "http://127.0.0.1:1/t9k", folder: "default" };
  rememberIntent(run, { ...place, makeFolder: false, conflictStrategy: "new" });
  rememberWhole(run, place, await fingerprint(run) ?? "");
}

/** How long a command takes from its start to its end, in milliseconds. */
async function timed(args: readonly string[]): Promise<number> {
  const main = fromFileUrl(new URL("src/cli/main.ts", ROOT));
  const start = performance.now();
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-check", "-A", main, ...args],
    cwd: fromFileUrl(ROOT),
    stdout: "null",
  }).output();
  if (!success) throw new Error(`em ${args.join(" ")} failed`);
  return performance.now() - start;
}
