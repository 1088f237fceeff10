/**
 * Many points as a few buckets.
 *
 * @module
 */

import { entriesPerRow, LEVELS } from "./blocks.ts";
import { countPoints, type IndexRange } from "./point_ranges.ts";
import type { SeriesTree } from "./series_tree.ts";
import {
  addSummary,
  mergeSummary,
  SUM,
  SUM_COLUMNS,
  summarize,
  Table,
} from "./summary.ts";

/** How many summaries are read at most for each bucket. */
const SUMMARIES_PER_BUCKET = 16;

/** Buckets of points that follow one another. */
export interface Buckets {
  /** Their summaries. */
  readonly table: Table;
  /** The index of the first point of each. */
  readonly starts: readonly number[];
}

/**
 * Puts points into buckets: each holds points that follow one another in the series, and all buckets but the last of a range
 * hold the same number or a little more.
 *
 * @param tree The series.
 * @param ranges The points.
 * @param wanted How many buckets there may be; where there are more ranges than that, a bucket may span several.
 * @returns The buckets.
 */
export function makeBuckets(
  tree: SeriesTree,
  ranges: readonly IndexRange[],
  wanted: number,
): Buckets {
  const total = countPoints(ranges);
  const capacity = Math.ceil(total / Math.max(1, wanted - ranges.length + 1));
  const level = chooseLevel(total, wanted);
  const table = new Table(SUM_COLUMNS, Math.min(total, wanted) + 1);
  const starts: number[] = [];
  const spans = ranges.length > wanted / 2;
  const fullAt = spans ? Math.ceil(total / wanted) : capacity;
  let isFull = true;
  const bucketAt = (start: number): number => {
    if (isFull) {
      starts.push(start);
      addSummary(table);
    }
    return table.length - 1;
  };
  const added = (row: number): void => {
    isFull = (table.columns[SUM.count]?.[row] ?? 0) >= fullAt;
  };
  for (const { start, end } of ranges) {
    if (!spans) isFull = true;
    readAhead(tree, level, { start, end });
    let index = start;
    while (index < end) {
      const size = tree.points(level);
      const isAligned = index % size === 0 && index + size <= end &&
        index + size <= tree.summarized;
      const row = bucketAt(index);
      if (level > 0 && isAligned) {
        const { columns, row: from } = tree.entry(level, index / size);
        mergeSummary({ columns: table.columns, row }, {
          columns: columns.all,
          row: from,
        });
        index += size;
      } else {
        const room = fullAt - (table.columns[SUM.count]?.[row] ?? 0);
        const border = index - index % size + size;
        const stop = Math.min(
          end,
          index + room,
          level > 0 && index < tree.summarized ? border : Infinity,
        );
        index = addPoints(tree, { table, row }, { start: index, end: stop });
      }
      added(row);
    }
  }
  return { table, starts };
}

/** The level whose summaries are fine enough for so many buckets, and not too many. */
function chooseLevel(total: number, wanted: number): number {
  let level = 0;
  while (
    level < LEVELS &&
    total / 16 ** level > wanted * SUMMARIES_PER_BUCKET
  ) level++;
  return level;
}

/** Reads the rows of a long range together. */
function readAhead(
  tree: SeriesTree,
  level: number,
  { start, end }: IndexRange,
): void {
  const size = tree.points(level);
  const limit = level === 0 ? end : Math.min(end, tree.summarized);
  const first = Math.ceil(start / size);
  const last = Math.floor(limit / size);
  if (last - first > 2 * entriesPerRow(level)) {
    tree.readAhead(level, first, last);
  }
}

/** Adds points of one row to a bucket; answers with the index after the last. */
function addPoints(
  tree: SeriesTree,
  { table, row }: { readonly table: Table; readonly row: number },
  { start, end }: IndexRange,
): number {
  const { columns, row: from } = tree.entry(0, start);
  const count = Math.min(end - start, columns.length - from);
  summarize(table.columns, row, {
    points: columns.all,
    start: from,
    end: from + count,
    first: start - from,
  });
  return start + count;
}
