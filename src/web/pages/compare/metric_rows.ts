/**
 * What metrics came to, as rows.
 *
 * @module
 */

import type { MetricColumn } from "../../api/types.ts";
import type { Cell } from "./cells.ts";
import type { Direction } from "./metric_direction.ts";
import { bestOf } from "./ranking.ts";

/** What a metric's points come to. */
export const STATS = ["last", "min", "max"] as const;

/** What a metric's points come to. */
export type MetricStat = typeof STATS[number];

/** A metric and what its points come to. */
export interface MetricRow {
  /** Such as `train/loss`. */
  readonly path: string;
  readonly stat: MetricStat;
  readonly direction: Direction;
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
  /** Which runs have points of the metric, though maybe none that is finite. */
  readonly hasPoints: readonly boolean[];
  /** The places of the best values. */
  readonly best: ReadonlySet<number>;
  /** Whether it is the first of its metric. */
  readonly isFirst: boolean;
}

/** The column of what a metric's points come to, from the column of its last value. */
export function statColumn(last: string, stat: MetricStat): string {
  return last.replace(/\.last$/, `.${stat}`);
}

/** Makes the rows, metric by metric. */
export function metricRows(
  { metrics, stats, directionOf, read }: {
    readonly metrics: readonly MetricColumn[];
    readonly stats: readonly MetricStat[];
    readonly directionOf: (path: string) => Direction;
    readonly read: (column: string) => readonly Cell[];
  },
): readonly MetricRow[] {
  return metrics.flatMap(({ id, type, name }) => {
    const path = `${type}/${name}`;
    const direction = directionOf(path);
    const hasPoints = read(id).map((last) => last !== undefined);
    return stats.map((stat, i): MetricRow => {
      const cells = read(statColumn(id, stat));
      return {
        path,
        stat,
        direction,
        cells,
        hasPoints,
        best: bestOf(cells, direction),
        isFirst: i === 0,
      };
    });
  });
}
