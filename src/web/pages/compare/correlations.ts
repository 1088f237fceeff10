/**
 * Which hyperparameters go together with a metric.
 *
 * @module
 */

import { type Cell, toNumber } from "./cells.ts";
import { type Correlation, spearman } from "./spearman.ts";
import type { Variable } from "./variables.ts";

/** A hyperparameter and how it goes together with a metric. */
export interface RankedVariable extends Correlation {
  readonly variable: Variable;
}

/**
 * Ranks hyperparameters with numbers, or with true and false, by how strongly they go together with a metric.
 *
 * @param variables The hyperparameters.
 * @param read What the runs have of a column.
 * @param metric The metric's column.
 * @returns Those for which that can be said, the strongest first.
 */
export function rankCorrelations(
  variables: readonly Variable[],
  read: (column: string) => readonly Cell[],
  metric: string,
): readonly RankedVariable[] {
  const goal = read(metric).map(toNumber);
  return variables.flatMap((variable): RankedVariable[] => {
    const cells = read(variable.id);
    const pairs = cells.flatMap((cell, i): [number, number][] => {
      const x = typeof cell === "boolean" ? Number(cell) : toNumber(cell);
      const y = goal[i];
      return x === undefined || y === undefined ? [] : [[x, y]];
    });
    const found = spearman(pairs);
    return found === undefined ? [] : [{ variable, ...found }];
  }).sort((a, b) => Math.abs(b.rho) - Math.abs(a.rho));
}
