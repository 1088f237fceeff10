/**
 * Which run is best.
 *
 * @module
 */

import { type Cell, toNumber } from "./cells.ts";
import type { Direction } from "./metric_direction.ts";

/** A run in its place. */
export interface Ranked<T> {
  readonly item: T;
  readonly cell: Cell;
  /** From 1; those that are as good have the same. Undefined where there is no finite number. */
  readonly rank: number | undefined;
}

/**
 * Ranks runs. Those without a finite number are last, in the order they came.
 *
 * @param items The runs.
 * @param read The value of each.
 * @param direction What is better.
 * @returns All of them, the best first.
 */
export function rankRuns<T>(
  items: readonly T[],
  read: (item: T) => Cell,
  direction: Direction,
): readonly Ranked<T>[] {
  const sign = direction === "lower" ? 1 : -1;
  const all = items.map((item) => ({ item, cell: read(item) }));
  const isRanked = ({ cell }: { cell: Cell }) => toNumber(cell) !== undefined;
  const ranked = all.filter(isRanked).sort((a, b) =>
    sign * ((toNumber(a.cell) ?? 0) - (toNumber(b.cell) ?? 0))
  );
  return [
    ...ranked.map(({ item, cell }) => ({
      item,
      cell,
      rank: ranked.findIndex((other) => other.cell === cell) + 1,
    })),
    ...all.filter((each) => !isRanked(each))
      .map(({ item, cell }) => ({ item, cell, rank: undefined })),
  ];
}

/** Which values are the best; none where all finite ones are the same, or only one run has one. */
export function bestOf(
  cells: readonly Cell[],
  direction: Direction,
): ReadonlySet<number> {
  const numbers = cells.map(toNumber);
  const finite = numbers.filter((value) => value !== undefined);
  if (finite.length < 2) return new Set();
  const best = direction === "lower"
    ? finite.reduce((a, b) => Math.min(a, b))
    : finite.reduce((a, b) => Math.max(a, b));
  if (finite.every((value) => value === best)) return new Set();
  return new Set(numbers.flatMap((value, i) => value === best ? [i] : []));
}
