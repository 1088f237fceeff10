/**
 * What many points come to: the ranges they lie in, and how many are no finite numbers.
 *
 * @module
 */

import type { Columns } from "./column_codec.ts";

/** The columns of points. Times are microseconds since 1970; an epoch, step or time that is not there is NaN. */
export const POINT = { step: 0, epoch: 1, time: 2, value: 3 } as const;

/** How many columns points have. */
export const POINT_COLUMNS = 4;

/** By what points can be laid out. */
export type Axis = "step" | "epoch" | "time";

/** The axes, each at its column's index. */
export const AXES: readonly Axis[] = ["step", "epoch", "time"];

/** The columns of summaries. */
export const SUM = {
  /** How many points there are. */
  count: 0,
  /** The lowest and the highest step, epoch and time; NaN where there is none. */
  low: 1,
  high: 4,
  /** How many points have no step, epoch or time. */
  missing: 7,
  /** The least and the greatest finite value; NaN where there is none. */
  min: 10,
  max: 11,
  /** The index of the first point with it. */
  minAt: 12,
  maxAt: 13,
  /** That point's step, epoch and time. */
  minX: 14,
  maxX: 17,
  /** The sum and number of the finite values. */
  sum: 20,
  finite: 21,
  /** How many values are NaN, +∞ and -∞. */
  nan: 22,
  posInf: 23,
  negInf: 24,
} as const;

/** How many columns summaries have. */
export const SUM_COLUMNS = 25;

/** Summaries, or points, one a row. */
export class Table {
  /** The columns; as many rows of each as there is room for. */
  columns: Float64Array[];
  /** How many rows there are. */
  length = 0;

  /**
   * @param width How many columns there are.
   * @param room For how many rows there is room at first.
   */
  constructor(width: number, room: number) {
    this.columns = Array.from({ length: width }, () => new Float64Array(room));
  }

  /** Makes room for one more row. */
  reserve(): void {
    const [first] = this.columns;
    if (first === undefined || this.length < first.length) return;
    this.columns = this.columns.map((column) => {
      const longer = new Float64Array(Math.max(16, 2 * column.length));
      longer.set(column);
      return longer;
    });
  }
}

/**
 * Begins a summary of no points as a further row.
 *
 * @param table Takes it.
 * @returns Its row.
 */
export function addSummary(table: Table): number {
  table.reserve();
  const row = table.length++;
  for (const column of table.columns) column[row] = 0;
  const { columns } = table;
  const unknown = [
    ...[0, 1, 2].flatMap((axis) => [SUM.low + axis, SUM.high + axis]),
    SUM.min,
    SUM.max,
  ];
  for (const index of unknown) (columns[index] as Float64Array)[row] = NaN;
  return row;
}

/** Points of which some go into a summary. */
export interface PointRange {
  /** The points. */
  readonly points: Columns;
  /** The first, a row of theirs. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
  /** The index of row 0 in the series. */
  readonly first: number;
}

/**
 * Adds points to a summary.
 *
 * @param columns The summaries.
 * @param row Which of them.
 * @param range The points.
 */
export function summarize(
  columns: Columns,
  row: number,
  { points, start, end, first }: PointRange,
): void {
  const at = (index: number) => columns[index] as Float64Array;
  at(SUM.count)[row] = (at(SUM.count)[row] as number) + end - start;
  for (let axis = 0; axis < 3; axis++) {
    const xs = points[axis] as Float64Array;
    let low = at(SUM.low + axis)[row] as number;
    let high = at(SUM.high + axis)[row] as number;
    let missing = 0;
    for (let point = start; point < end; point++) {
      const x = xs[point] as number;
      // Written so that NaN is below and above everything.
      if (!(low <= x)) low = x === x ? x : low;
      if (!(high >= x)) high = x === x ? x : high;
      if (x !== x) missing++;
    }
    at(SUM.low + axis)[row] = low;
    at(SUM.high + axis)[row] = high;
    if (missing > 0) {
      at(SUM.missing + axis)[row] = (at(SUM.missing + axis)[row] as number) +
        missing;
    }
  }
  summarizeValues(at, row, { points, start, end, first });
}

function summarizeValues(
  at: (index: number) => Float64Array,
  row: number,
  { points, start, end, first }: PointRange,
): void {
  const values = points[POINT.value] as Float64Array;
  let min = at(SUM.min)[row] as number;
  let max = at(SUM.max)[row] as number;
  let minAt = -1;
  let maxAt = -1;
  let sum = 0;
  let finite = 0;
  for (let point = start; point < end; point++) {
    const value = values[point] as number;
    if (value - value === 0) {
      if (!(min <= value)) min = values[minAt = point] as number;
      if (!(max >= value)) max = values[maxAt = point] as number;
      sum += value;
      finite++;
    } else {
      const column = at(
        value !== value ? SUM.nan : value > 0 ? SUM.posInf : SUM.negInf,
      );
      column[row] = (column[row] as number) + 1;
    }
  }
  if (minAt >= 0) {
    at(SUM.min)[row] = min;
    at(SUM.minAt)[row] = first + minAt;
    for (let axis = 0; axis < 3; axis++) {
      at(SUM.minX + axis)[row] = points[axis]?.[minAt] ?? NaN;
    }
  }
  if (maxAt >= 0) {
    at(SUM.max)[row] = max;
    at(SUM.maxAt)[row] = first + maxAt;
    for (let axis = 0; axis < 3; axis++) {
      at(SUM.maxX + axis)[row] = points[axis]?.[maxAt] ?? NaN;
    }
  }
  at(SUM.sum)[row] = (at(SUM.sum)[row] as number) + sum;
  at(SUM.finite)[row] = (at(SUM.finite)[row] as number) + finite;
}

/** Columns that are sums of those of the parts. */
const ADDED = [
  SUM.count,
  SUM.missing,
  SUM.missing + 1,
  SUM.missing + 2,
  SUM.sum,
  SUM.finite,
  SUM.nan,
  SUM.posInf,
  SUM.negInf,
];

/**
 * Adds a summary of later points to a summary.
 *
 * @param into The columns of the latter, and its row.
 * @param from The columns of the former, and its row.
 */
export function mergeSummary(
  into: { readonly columns: Columns; readonly row: number },
  from: { readonly columns: Columns; readonly row: number },
): void {
  const { columns, row } = into;
  const at = (index: number) => columns[index] as Float64Array;
  const other = (index: number) =>
    (from.columns[index] as Float64Array)[from.row] as number;
  for (const index of ADDED) {
    at(index)[row] = (at(index)[row] as number) + other(index);
  }
  for (let axis = 0; axis < 3; axis++) {
    const low = other(SUM.low + axis);
    const high = other(SUM.high + axis);
    if (low === low) {
      if (!((at(SUM.low + axis)[row] as number) <= low)) {
        at(SUM.low + axis)[row] = low;
      }
      if (!((at(SUM.high + axis)[row] as number) >= high)) {
        at(SUM.high + axis)[row] = high;
      }
    }
  }
  const min = other(SUM.min);
  if (min === min && !((at(SUM.min)[row] as number) <= min)) {
    for (const index of [SUM.min, SUM.minAt]) at(index)[row] = other(index);
    for (let axis = 0; axis < 3; axis++) {
      at(SUM.minX + axis)[row] = other(SUM.minX + axis);
    }
  }
  const max = other(SUM.max);
  if (max === max && !((at(SUM.max)[row] as number) >= max)) {
    for (const index of [SUM.max, SUM.maxAt]) at(index)[row] = other(index);
    for (let axis = 0; axis < 3; axis++) {
      at(SUM.maxX + axis)[row] = other(SUM.maxX + axis);
    }
  }
}
