import { join } from "@std/path";
import { RANKS_DIR } from "../format/metric_key.ts";
import { METRICS_DIR } from "./layout.ts";
import { isOsError } from "./os_error.ts";

const SUFFIX = ".yaml";

/**
 * The directory of what a rank records, within its run directory.
 *
 * @param rank The rank.
 * @returns A relative path with `/`, such as `ranks/1`.
 */
export function rankDir(rank: number): string {
  return `${RANKS_DIR}/${rank}`;
}

/**
 * Lists the ranks that have joined a run.
 *
 * @param dir The run directory.
 * @returns Their numbers, rising.
 */
export function ranksIn(dir: string): number[] {
  return entriesOf(join(dir, RANKS_DIR))
    .filter(({ name, isDirectory }) =>
      isDirectory && /^(?:0|[1-9]\d{0,6})$/.test(name)
    )
    .map(({ name }) => Number(name))
    .sort((a, b) => a - b);
}

/**
 * Lists the metrics files of a run's ranks.
 *
 * @param dir The run directory.
 * @returns Their paths in it, with `/`.
 */
export function rankMetricFiles(dir: string): string[] {
  return ranksIn(dir).flatMap((rank) => metricFilesIn(dir, rankDir(rank)));
}

/**
 * Lists the metrics files of a run's main process, or of one of its ranks.
 *
 * @param dir The run directory.
 * @param writer The directory of the rank in it. Default: that of the main process.
 * @returns Their paths in the run directory, with `/`, sorted.
 */
export function metricFilesIn(dir: string, writer = ""): string[] {
  const metrics = writer === "" ? METRICS_DIR : `${writer}/${METRICS_DIR}`;
  return entriesOf(join(dir, metrics))
    .filter(({ name, isFile }) => isFile && name.endsWith(SUFFIX))
    .map(({ name }) => `${metrics}/${name}`)
    .sort();
}

function entriesOf(dir: string): Deno.DirEntry[] {
  try {
    return [...Deno.readDirSync(dir)];
  } catch (error) {
    if (isOsError(error)) return [];
    throw error;
  }
}
