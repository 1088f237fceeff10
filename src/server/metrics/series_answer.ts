/**
 * What is told of the series of a run.
 *
 * @module
 */

import { type JsonNumber, jsonNumber, orNull } from "./json_numbers.ts";
import { MICROS_PER_MS } from "./micros.ts";
import type { Point } from "./series_state.ts";
import type { SourceProblem } from "./sources.ts";

/** A point with all that is known of it. */
export interface PointAnswer {
  /** Its step; null where it has none. */
  readonly step: JsonNumber | null;
  /** Its epoch; null where it has none. */
  readonly epoch: JsonNumber | null;
  /** Its time, in milliseconds since 1970. */
  readonly time: number | null;
  /** Its value. */
  readonly value: JsonNumber;
}

/** A metrics file. */
export interface MetricsFile {
  /** Its metric type. */
  readonly type: string;
  /** How many records were found in it. */
  readonly records: number;
  /** How long it is. */
  readonly bytes: number;
  /** Up to where it is indexed. */
  readonly indexedBytes: number;
  /** For each attempt that goes on from a checkpoint the step from which on it stands, never falling; null where nothing was there before. */
  readonly resumedAt: readonly (number | null)[];
  /** Whether it ends in a record that is cut off, whose rest may come. */
  readonly isTorn: boolean;
  /** What is wrong with it; null where nothing is. */
  readonly problem: SourceProblem | null;
}

/** A series. */
export interface SeriesAnswer {
  /** Its metric type. */
  readonly type: string;
  /** Its name. */
  readonly name: string;
  /** How many points it has. */
  readonly count: number;
  /** Names this state of it: with it only later points are asked for. */
  readonly cursor: string;
  /** Its first point, and its last. */
  readonly first: PointAnswer;
  readonly last: PointAnswer;
  /** The first point with the least finite value, and with the greatest; null where no value is finite. */
  readonly min: PointAnswer | null;
  readonly max: PointAnswer | null;
  /** The mean of the finite values. */
  readonly mean: JsonNumber | null;
  /** How many values are NaN, +∞ and -∞. */
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
}

/** What there is of a run. */
export interface Metrics {
  /** The run's version. */
  readonly version: number;
  /** Its metrics files. */
  readonly types: readonly MetricsFile[];
  /** Its series. */
  readonly series: readonly SeriesAnswer[];
}

/**
 * A point as it is told.
 *
 * @param point The point.
 * @returns The answer.
 */
export function toPointAnswer([step, epoch, time, value]: Point): PointAnswer {
  const known = (x: number) => Number.isNaN(x) ? null : jsonNumber(x);
  return {
    step: known(step),
    epoch: known(epoch),
    time: orNull(time / MICROS_PER_MS),
    value: jsonNumber(value),
  };
}
