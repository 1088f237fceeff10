import { join } from "@std/path";
import { readMetricKey, shownType } from "../format/metric_key.ts";
import type { MetricRecord } from "../format/metric_record.ts";
import { parseRewound } from "../format/rewind.ts";
import { rankMetricFiles } from "../local/rank_files.ts";

/**
 * Reads what the ranks of a run have logged.
 *
 * @param dir The run directory.
 * @param startsIn Says where in a file the attempts begin that go on from a checkpoint.
 * @returns The records by type, such as `train@rank1`.
 */
export function readRankMetrics(
  dir: string,
  startsIn: (file: string) => readonly number[],
): Record<string, MetricRecord[]> {
  return Object.fromEntries(
    rankMetricFiles(dir).flatMap((file) => {
      const key = readMetricKey(file);
      if (key === undefined) return [];
      const bytes = Deno.readFileSync(join(dir, file));
      return [[shownType(key), parseRewound(bytes, startsIn(file))]];
    }),
  );
}
