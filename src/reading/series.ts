/**
 * What there is to know of the metrics of a run.
 *
 * @module
 */

import type { CurveBucket } from "./curve.ts";

/**
 * What curves can be laid out over. `time` is in milliseconds since 1970, `relative` in milliseconds since the run began.
 * Points that have no such place are left out; one without a step counts by its number.
 */
export const X_AXES = ["step", "epoch", "time", "relative"] as const;

/** What a curve is laid out over. */
export type XAxis = typeof X_AXES[number];

/** How curves are wanted. */
export interface CurveOptions {
  /** Into how many pieces they are put at most. */
  readonly buckets: number;
  /** What they are laid out over. */
  readonly x: XAxis;
}

/** How many values that are not finite have their places named. */
export const MAX_MARKS = 256;

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
  /** The curve. */
  readonly curve: readonly CurveBucket[];
  /** Where the first values are that are not finite: see {@linkcode MAX_MARKS}. */
  readonly marks: readonly number[];
}
