import { join } from "@std/path";
import { startChildServer } from "../server/support/child_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import { runChild } from "./child.ts";
import {
  type BenchReport,
  type Figure,
  median,
  ratio,
  roundsOr,
} from "./measure.ts";

const LOOPS = {
  paced: "1 record a millisecond, a loop that never yields",
  tight: "nothing but log(), never yields",
  yielding: "nothing but log(), yields every 10 000 records",
};

/** The nanoseconds that a `log()` took in one round. */
interface Spent {
  readonly mean: number;
  readonly median: number;
}

const MEASURES = ["mean", "median"] as const;

/**
 * `log()` with autoUpload against without. Each round is a process of its own, the server is another one; rounds of both
 * alternate.
 */
export async function run(): Promise<BenchReport> {
  const rounds = roundsOr(9);
  using dir = tempDir();
  await using server = await startChildServer(join(dir.path, "server"));
  const env = {
    EM_RUN_PARENT_DIR: join(dir.path, "runs"),
    EM_BENCH_HOST: server.url,
    EM_BENCH_KEY: server.apiKey ?? "",
  };
  const lines: string[] = [];
  const figures: Figure[] = [];
  for (const [loop, description] of Object.entries(LOOPS)) {
    const on: Spent[] = [];
    const off: Spent[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const [upload, found] of [["off", off], ["on", on]] as const) {
        found.push(
          await runChild<Spent>("upload_child.ts", {
            args: [loop, upload],
            env,
          }),
        );
        Deno.removeSync(env.EM_RUN_PARENT_DIR, { recursive: true });
      }
    }
    for (const of of loop === "paced" ? MEASURES : MEASURES.slice(0, 1)) {
      const [ours, theirs] = [on, off].map((found) =>
        median(found.map((spent) => spent[of]))
      ) as [number, number];
      figures.push({
        what: `\`log()\` with autoUpload (${description}; ${of} of the calls)`,
        measured: ratio(ours, theirs) + " x",
        against: `without, ${rounds} rounds`,
        hold: "at most 1.1 x",
        holds: ours / theirs <= 1.1,
      });
      lines.push(
        `${ratio(ours, theirs)} x  ${description}, ${of} of the calls ` +
          `(${ours.toFixed(0)} ns against ${theirs.toFixed(0)} ns)`,
      );
    }
  }
  return {
    name:
      `log() with autoUpload against without, medians of ${rounds} rounds (hold: 1.1)`,
    lines,
    figures,
  };
}
