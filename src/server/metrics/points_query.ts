/**
 * Points of a series as a chart wants them.
 *
 * @module
 */

import { type Buckets, makeBuckets } from "./buckets.ts";
import {
  type JsonNumber,
  jsonNumber,
  jsonNumbers,
  orNull,
} from "./json_numbers.ts";
import { MICROS_PER_MS } from "./micros.ts";
import {
  countPoints,
  findRanges,
  type IndexRange,
  type PointFilter,
} from "./point_ranges.ts";
import type { SeriesTree } from "./series_tree.ts";
import { AXES, type Axis, POINT, SUM } from "./summary.ts";

/** What points are laid out by: `relative` is the time since the run began. Times are in milliseconds. */
export type XAxis = "step" | "epoch" | "time" | "relative";

/** Which points are wanted, and how. */
export interface PointsRequest {
  /** What they are laid out by. */
  readonly x: XAxis;
  /** The least x; -∞ for all. */
  readonly from: number;
  /** The greatest x. */
  readonly to: number;
  /** How many buckets there may be. Up to twice as many points are sent as they are. */
  readonly buckets: number;
  /** Only points from this index on. */
  readonly after: number;
  /** When the run began, in microseconds since 1970; what `relative` is relative to. */
  readonly start: number;
}

/** Points as they are. */
export interface RawPoints {
  /** Their indexes in the series. */
  readonly index: readonly number[];
  /** Where they are. */
  readonly x: readonly number[];
  /** Their values. */
  readonly y: readonly JsonNumber[];
}

/** Buckets of points that follow one another, column by column. */
export interface BucketColumns {
  /** The index of the first point. */
  readonly index: readonly number[];
  /** How many points there are. */
  readonly count: readonly number[];
  /** The least x, and the greatest. */
  readonly x0: readonly number[];
  readonly x1: readonly number[];
  /** The least finite value, and the greatest; null where there is none. */
  readonly min: readonly (number | null)[];
  readonly max: readonly (number | null)[];
  /** Where they are. */
  readonly minX: readonly (number | null)[];
  readonly maxX: readonly (number | null)[];
  /** The mean of the finite values. */
  readonly mean: readonly (JsonNumber | null)[];
  /** How many values are NaN, +∞ and -∞. */
  readonly nan: readonly number[];
  readonly posInf: readonly number[];
  readonly negInf: readonly number[];
}

/** A point. */
export interface OnePoint {
  /** Its index in the series. */
  readonly index: number;
  /** Where it is; null if it is not on the axis. */
  readonly x: number | null;
  /** Its value. */
  readonly y: JsonNumber;
}

/** Points of a series as a chart wants them. */
export interface PointsAnswer {
  /** How many points there are in the range. */
  readonly inRange: number;
  /** The points as they are, where they are few. */
  readonly raw?: RawPoints;
  /** Buckets of them, where they are many. */
  readonly buckets?: BucketColumns;
  /** The first points of the range that are no finite numbers, where there are buckets. */
  readonly marks?: readonly OnePoint[];
  /** The points next to the range, so that a line can be drawn to its borders. */
  readonly before?: OnePoint;
  readonly after?: OnePoint;
}

/** How many points that are no finite numbers are named. */
const MAX_MARKS = 256;

/**
 * Answers with points of a series.
 *
 * @param tree The series.
 * @param request Which points, and how.
 * @returns The points, or buckets that lose no lowest and no highest value.
 */
export function queryPoints(
  tree: SeriesTree,
  request: PointsRequest,
): PointsAnswer {
  const scale = scaleOf(request);
  const filter: PointFilter = {
    axis: scale.axis,
    from: scale.inward(request.from),
    to: scale.inward(request.to),
    after: request.after,
  };
  const ranges = findRanges(tree, filter);
  const inRange = countPoints(ranges);
  const neighbours = findNeighbours(tree, ranges, { filter, scale });
  if (inRange <= 2 * request.buckets) {
    return { inRange, raw: readRaw(tree, ranges, scale), ...neighbours };
  }
  const buckets = makeBuckets(tree, ranges, request.buckets);
  return {
    inRange,
    buckets: toColumns(buckets, scale),
    marks: findMarks(tree, ranges, { buckets, scale }),
    ...neighbours,
  };
}

/** How what is stored becomes what is shown. */
interface Scale {
  readonly axis: Axis;
  readonly column: number;
  readonly inward: (x: number) => number;
  readonly outward: (x: number) => number;
}

function scaleOf({ x, start }: PointsRequest): Scale {
  const axis = x === "relative" ? "time" : x;
  const origin = x === "relative" ? start : 0;
  const isTime = axis === "time";
  return {
    axis,
    column: AXES.indexOf(axis),
    inward: (value) => isTime ? value * MICROS_PER_MS + origin : value,
    outward: (value) => isTime ? (value - origin) / MICROS_PER_MS : value,
  };
}

function readRaw(
  tree: SeriesTree,
  ranges: readonly IndexRange[],
  scale: Scale,
): RawPoints {
  const index: number[] = [];
  const x: number[] = [];
  const y: JsonNumber[] = [];
  for (const { start, end } of ranges) {
    for (let at = start; at < end; at++) {
      const { columns, row } = tree.entry(0, at);
      index.push(at);
      x.push(scale.outward(columns.column(scale.column)[row] as number));
      y.push(jsonNumber(columns.column(POINT.value)[row] as number));
    }
  }
  return { index, x, y };
}

function toColumns({ table, starts }: Buckets, scale: Scale): BucketColumns {
  const numbers = (column: number): number[] =>
    Array.from(
      (table.columns[column] as Float64Array).subarray(0, table.length),
    );
  const xs = (column: number): number[] => numbers(column).map(scale.outward);
  const finite = numbers(SUM.finite);
  const known = (values: readonly number[]): (number | null)[] =>
    values.map((value, row) => finite[row] === 0 ? null : orNull(value));
  const means = Float64Array.from(
    numbers(SUM.sum),
    (sum, row) => sum / (finite[row] ?? 0),
  );
  return {
    index: starts,
    count: numbers(SUM.count),
    x0: xs(SUM.low + scale.column),
    x1: xs(SUM.high + scale.column),
    min: known(numbers(SUM.min)),
    max: known(numbers(SUM.max)),
    minX: known(xs(SUM.minX + scale.column)),
    maxX: known(xs(SUM.maxX + scale.column)),
    mean: jsonNumbers(means).map((mean, row) =>
      finite[row] === 0 ? null : mean
    ),
    nan: numbers(SUM.nan),
    posInf: numbers(SUM.posInf),
    negInf: numbers(SUM.negInf),
  };
}

function pointAt(tree: SeriesTree, index: number, scale: Scale): OnePoint {
  const { columns, row } = tree.entry(0, index);
  return {
    index,
    x: orNull(scale.outward(columns.column(scale.column)[row] as number)),
    y: jsonNumber(columns.column(POINT.value)[row] as number),
  };
}

interface Neighbourhood {
  readonly filter: PointFilter;
  readonly scale: Scale;
}

function findNeighbours(
  tree: SeriesTree,
  ranges: readonly IndexRange[],
  { filter, scale }: Neighbourhood,
): Pick<PointsAnswer, "before" | "after"> {
  const first = ranges[0]?.start ?? gapAt(tree, filter, scale);
  const end = ranges.at(-1)?.end ?? first;
  return {
    ...(first > filter.after && { before: pointAt(tree, first - 1, scale) }),
    ...(end < tree.count && { after: pointAt(tree, end, scale) }),
  };
}

/** Where points would stand if there were any in the range; of an axis that goes back, one of the places. */
function gapAt(tree: SeriesTree, filter: PointFilter, scale: Scale): number {
  let low = filter.after;
  let high = tree.count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { columns, row } = tree.entry(0, middle);
    const x = columns.column(scale.column)[row] as number;
    if (x < filter.from) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Finds the points that are no finite numbers, looking only where the buckets say that there are some. */
function findMarks(
  tree: SeriesTree,
  ranges: readonly IndexRange[],
  { buckets, scale }: { readonly buckets: Buckets; readonly scale: Scale },
): OnePoint[] {
  const marks: OnePoint[] = [];
  const at = (column: number, row: number): number =>
    buckets.table.columns[column]?.[row] ?? 0;
  let range = 0;
  for (const [bucket, start] of buckets.starts.entries()) {
    let wanted = at(SUM.nan, bucket) + at(SUM.posInf, bucket) +
      at(SUM.negInf, bucket);
    let index = start;
    while (wanted > 0 && marks.length < MAX_MARKS) {
      while ((ranges[range]?.end ?? Infinity) <= index) range++;
      index = Math.max(index, ranges[range]?.start ?? index);
      const { columns, row } = tree.entry(0, index);
      if (!Number.isFinite(columns.column(POINT.value)[row])) {
        marks.push(pointAt(tree, index, scale));
        wanted--;
      }
      index++;
    }
  }
  return marks;
}
