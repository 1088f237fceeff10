/**
 * Which points of a series lie in a range of an axis.
 *
 * @module
 */

import { FANOUT, LEVELS } from "./blocks.ts";
import type { SeriesTree } from "./series_tree.ts";
import { AXES, type Axis, SUM } from "./summary.ts";

/** Points by their indexes in the series. */
export interface IndexRange {
  /** The first. */
  readonly start: number;
  /** The one after the last. */
  readonly end: number;
}

/** Which points are wanted. */
export interface PointFilter {
  /** By what the range goes; points that are not on it are left out. */
  readonly axis: Axis;
  /** The least that is wanted; -∞ for all. */
  readonly from: number;
  /** The greatest that is wanted. */
  readonly to: number;
  /** Only points from this index on. */
  readonly after: number;
}

/**
 * Finds the points in a range. Where the axis never goes back, they are one range of indexes, found in a few looks.
 *
 * @param tree The series.
 * @param filter Which points.
 * @returns Their indexes, rising, in ranges that do not touch.
 */
export function findRanges(
  tree: SeriesTree,
  { axis, from, to, after }: PointFilter,
): IndexRange[] {
  const ranges: { start: number; end: number }[] = [];
  const column = AXES.indexOf(axis);
  const add = (start: number, end: number): void => {
    const last = ranges.at(-1);
    if (last?.end === start) last.end = end;
    else ranges.push({ start, end });
  };
  const visit = (level: number, index: number): void => {
    const size = tree.points(level);
    const start = index * size;
    if (start + size <= after) return;
    const { columns, row } = tree.entry(level, index);
    if (level === 0) {
      const x = columns.column(column)[row] as number;
      if (x >= from && x <= to) add(start, start + 1);
      return;
    }
    const low = columns.column(SUM.low + column)[row] as number;
    const high = columns.column(SUM.high + column)[row] as number;
    const missing = columns.column(SUM.missing + column)[row] as number;
    if (!(low <= to && high >= from)) return;
    if (low >= from && high <= to && missing === 0 && start >= after) {
      add(start, start + size);
      return;
    }
    for (let child = 0; child < FANOUT; child++) {
      visit(level - 1, index * FANOUT + child);
    }
  };
  const tops = tree.summarized / tree.points(LEVELS);
  if (tops > 0) tree.readAhead(LEVELS, 0, tops);
  for (let index = 0; index < tops; index++) visit(LEVELS, index);
  for (
    let index = Math.max(tree.summarized, after);
    index < tree.count;
    index++
  ) visit(0, index);
  return ranges;
}

/**
 * Counts points.
 *
 * @param ranges Their indexes.
 * @returns How many there are.
 */
export function countPoints(ranges: readonly IndexRange[]): number {
  return ranges.reduce((sum, { start, end }) => sum + end - start, 0);
}
