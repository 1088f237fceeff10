import { tempDir } from "../support/temp_dir.ts";
import { teamLoad } from "../support/team_load.ts";
import type { BenchReport } from "./measure.ts";

const SECONDS = Number(Deno.env.get("EM_BENCH_SECONDS") ?? 120);
const PROCESSES = 8;
const RUNS_EACH = 8;

/** A team's server: 64 runs log and upload at once for two minutes, on one machine with the server. */
export async function run(): Promise<BenchReport> {
  using dir = tempDir();
  const result = await teamLoad({
    dir: dir.path,
    seconds: SECONDS,
    processes: PROCESSES,
    runsEach: RUNS_EACH,
  });
  const { runs, objects, bytes, troubles, waitsMs, memory } = result;
  const at = (share: number) =>
    (waitsMs[Math.floor(waitsMs.length * share)] ?? NaN).toFixed(1);
  const records = runs.reduce((sum, run) => sum + run.records, 0);
  const complete = runs.filter(({ state }) => state === "complete").length;
  const marks = [5, 30, 60, 90, 120, SECONDS].filter((second) =>
    second <= SECONDS
  );
  const mibAt = (second: number) =>
    memory.findLast((sample) => sample.second <= second)?.mib.toFixed(0);
  return {
    name:
      `a team: ${PROCESSES} processes with ${RUNS_EACH} runs each log and upload for ${SECONDS} s ` +
      "(hold: no error, every object equal to its file, memory flat)",
    lines: [
      `${complete} of ${runs.length} runs complete, ${records} records of train, ${result.requests} requests, ${
        (result.withinShare * 100).toFixed(1)
      } % of them answered within 50 ms`,
      `${objects} objects (${
        (bytes / 1e6).toFixed(0)
      } MB) compared with their files; troubles: ${
        troubles.length === 0 ? "none" : troubles.join("; ").slice(0, 2000)
      }; processes that found the server slow: ${result.slowNotices}`,
      `${waitsMs.length} small requests meanwhile: median ${at(0.5)} ms, p99 ${
        at(0.99)
      } ms, longest ${at(0.9999)} ms`,
      `memory of the server: ${
        [...new Set(marks)].map((second) =>
          `${mibAt(second)} MiB at ${second} s`
        )
          .join(", ")
      }, ${memory.at(-1)?.mib.toFixed(0)} MiB at the end`,
    ],
  };
}
