/**
 * What is known of a series as a whole.
 *
 * @module
 */

import { decodeFloats, encodeFloats } from "./floats.ts";
import { POINT_COLUMNS, SUM_COLUMNS } from "./summary.ts";

/** A point: its step, epoch, time and value, in the order of the columns of points. */
export type Point = readonly [number, number, number, number];

/** What is known of a series as a whole. */
export interface SeriesState {
  /** Its first point. */
  readonly first: Point;
  /** Its last point. */
  readonly last: Point;
  /** The summary of all points, by column. */
  readonly summary: readonly number[];
}

/**
 * Writes what is known of a series.
 *
 * @param state What is known.
 * @returns The bytes.
 */
export function encodeSeriesState(state: SeriesState): Uint8Array {
  return encodeFloats([...state.first, ...state.last, ...state.summary]);
}

/**
 * Reads what is known of a series.
 *
 * @param bytes What {@linkcode encodeSeriesState} wrote.
 * @returns What is known.
 */
export function decodeSeriesState(bytes: Uint8Array): SeriesState {
  const numbers = decodeFloats(bytes);
  return {
    first: toPoint(numbers),
    last: toPoint(numbers.slice(POINT_COLUMNS)),
    summary: numbers.slice(2 * POINT_COLUMNS, 2 * POINT_COLUMNS + SUM_COLUMNS),
  };
}

function toPoint(numbers: readonly number[]): Point {
  const [step = NaN, epoch = NaN, time = NaN, value = NaN] = numbers;
  return [step, epoch, time, value];
}
