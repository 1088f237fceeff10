import { join } from "@std/path";
import { startChildServer } from "../server/support/child_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import { type BenchReport, median, ratio } from "./measure.ts";

const ROUNDS = 9;
const LOOPS = {
  paced: "1 record a millisecond, a loop that never yields",
  tight: "nothing but log(), never yields",
  yielding: "nothing but log(), yields every 10 000 records",
};

/**
 * `log()` with autoUpload against without. Each round is a process of its own, the server is another one; rounds of both
 * alternate.
 */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  await using server = await startChildServer(join(dir.path, "server"));
  const env = {
    EM_RUN_PARENT_DIR: join(dir.path, "runs"),
    EM_BENCH_HOST: server.url,
    EM_BENCH_KEY: server.apiKey ?? "",
  };
  const lines: string[] = [];
  for (const [loop, description] of Object.entries(LOOPS)) {
    const on: number[] = [];
    const off: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      for (const [upload, found] of [["off", off], ["on", on]] as const) {
        const { nanoseconds } = await runChild<{ nanoseconds: number }>(
          "upload_child.ts",
          { args: [loop, upload], env },
        );
        found.push(nanoseconds);
        Deno.removeSync(env.EM_RUN_PARENT_DIR, { recursive: true });
      }
    }
    lines.push(
      `${ratio(median(on), median(off))} x  ${description} ` +
        `(${median(on).toFixed(0)} ns against ${median(off).toFixed(0)} ns)`,
    );
  }
  return {
    name: `log() with autoUpload against without, medians of ${ROUNDS} rounds (hold: 1.1)`,
    lines,
  };
}
