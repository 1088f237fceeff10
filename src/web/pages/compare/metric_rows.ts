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

/** What of a metric's points is not finite, which the least and the greatest leave out. */
const ODD_STATS = ["nan", "posInf", "negInf"] as const;

/** The columns that say how many points of a metric are not finite. */
export function oddColumns(last: string): readonly string[] {
  return ODD_STATS.map((stat) => last.replace(/\.last$/, `.${stat}`));
}

/** How many points are not finite, such as `10 NaN, 2 ∞`; undefined where that is none, or not known. */
export function oddText(counts: readonly Cell[]): string | undefined {
  const names = ["NaN", "∞", "−∞"];
  const texts = counts.flatMap((count, i) =>
    typeof count === "number" && count > 0 ? [`${count} ${names[i]}`] : []
  );
  return texts.length > 0 ? texts.join(", ") : undefined;
}

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
  /** How many points are not finite, where some are. */
  readonly odd: readonly (string | undefined)[];
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
    const counts = oddColumns(id).map(read);
    const odd = hasPoints.map((_, i) => oddText(counts.map((of) => of[i])));
    return stats.map((stat, i): MetricRow => {
      const cells = read(statColumn(id, stat));
      return {
        path,
        stat,
        direction,
        cells,
        hasPoints,
        odd,
        best: bestOf(cells, direction),
        isFirst: i === 0,
      };
    });
  });
}
