/**
 * What there is to know of the metrics of a run.
 *
 * @module
 */

import type { CurveBucket } from "./curve.ts";

/** A point of a series. */
export interface SeriesPoint {
  /** Its step; null where it has none. */
  readonly step: number | null;
  /** Its epoch; null where it has none. */
  readonly epoch: number | null;
  /** Its value. */
  readonly value: number;
}

/** A metric of a run. */
export interface SeriesSummary {
  /** Its metric type. */
  readonly type: string;
  /** Its name. */
  readonly name: string;
  /** How many values it has. */
  readonly count: number;
  /** The last value. */
  readonly last: SeriesPoint;
  /** The least finite value and the greatest; null where no value is finite. */
  readonly min: SeriesPoint | null;
  readonly max: SeriesPoint | null;
  /** How many values are NaN, +∞ and -∞. */
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  /** The curve over the steps. */
  readonly curve: readonly CurveBucket[];
}
