import { join } from "@std/path";
import { startChildServer } from "../server/support/child_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import type { BenchReport, Figure } from "./measure.ts";

/** What a child found. */
interface Growth {
  /** The most memory in use above that after `createRun`, in MiB. */
  readonly peakMiB: number;
  /** The memory in use at the end above that after `createRun`, in MiB. */
  readonly endMiB: number;
}

const MODES = {
  off: "without autoUpload",
  on: "with autoUpload",
  down: "with autoUpload, and a server that goes down before the first record",
};

/** How much memory a million records take, with a loop that yields now and then. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const lines: string[] = [];
  const figures: Figure[] = [];
  for (const [mode, description] of Object.entries(MODES)) {
    await using server = await startChildServer(join(dir.path, mode));
    const env = {
      EM_RUN_PARENT_DIR: join(dir.path, "runs"),
      EM_BENCH_HOST: server.url,
      EM_BENCH_KEY: server.apiKey ?? "",
      EM_BENCH_SERVER_PID: `${server.pid}`,
    };
    const { peakMiB, endMiB } = await runChild<Growth>("memory_child.ts", {
      args: [mode],
      env,
    });
    figures.push({
      what: `memory while logging 1e6 records, ${description}`,
      measured: `${peakMiB.toFixed(0)} MiB`,
      against: "the start, once",
      hold: "under 64 MiB",
      holds: peakMiB < 64,
    });
    lines.push(
      `${description}: at most ${peakMiB.toFixed(0)} MiB over the start, ` +
        `${endMiB.toFixed(0)} MiB at the end`,
    );
    Deno.removeSync(env.EM_RUN_PARENT_DIR, { recursive: true });
  }
  return { name: "memory for 1e6 records (hold: 64 MiB)", lines, figures };
}
