/**
 * Which facts of runs differ.
 *
 * @module
 */

import type { Cell } from "./cells.ts";

/** A fact that runs have. */
export interface Fact {
  /** Its name as a column. */
  readonly id: string;
  /** Such as `optimizer.lr`. */
  readonly path: string;
}

/** A fact, and what each run has of it. */
export interface DiffRow extends Fact {
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
  /** Whether not all runs have the same. */
  readonly isDifferent: boolean;
}

/** Facts by whether all runs have the same; both in the order in which runs name them. */
export interface Diff {
  readonly different: readonly DiffRow[];
  readonly equal: readonly DiffRow[];
}

/**
 * Compares runs.
 *
 * @param facts What they may have.
 * @param read What each run has of a fact.
 * @returns The facts, those that differ first.
 */
export function diffRows(
  facts: readonly Fact[],
  read: (fact: Fact) => readonly Cell[],
): Diff {
  const rows = facts.map(({ id, path }) => {
    const cells = read({ id, path });
    const [first] = cells;
    // A NaN is told as a text, so that it is the same as another.
    return { id, path, cells, isDifferent: cells.some((c) => c !== first) };
  });
  return {
    different: rows.filter(({ isDifferent }) => isDifferent),
    equal: rows.filter((row) =>
      !row.isDifferent && row.cells.some((cell) => cell !== undefined)
    ),
  };
}

/** Finds the facts whose path, or the value of some run, holds a text; upper and lower case are the same. */
export function searchRows(
  rows: readonly DiffRow[],
  search: string,
): readonly DiffRow[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return rows;
  const has = (value: unknown) => String(value).toLowerCase().includes(wanted);
  return rows.filter(({ path, cells }) =>
    has(path) || cells.some((cell) => cell !== undefined && has(cell))
  );
}
