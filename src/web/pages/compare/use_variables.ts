/**
 * What the runs of a comparison can be laid out by, with the values.
 *
 * @module
 */

import { useMemo } from "preact/hooks";
import { COMPARE } from "../../text/compare.ts";
import type { Cell } from "./cells.ts";
import type { Comparison } from "./comparison.ts";
import { useColumns } from "./use_columns.ts";
import {
  candidateHparams,
  metricVariables,
  type Variable,
  varying,
} from "./variables.ts";

/** What runs can be laid out by. */
export interface Variables {
  /** Hyperparameters of which not all runs have the same. */
  readonly hparams: readonly Variable[];
  readonly metrics: readonly Variable[];
  readonly others: readonly Variable[];
  /** Finds one by its column. */
  readonly find: (column: string) => Variable | undefined;
  /** What the shown runs have of a column, in their order. */
  readonly read: (column: string) => readonly Cell[];
  /** Whether the values of these columns are known. */
  readonly isKnown: (columns: readonly string[]) => boolean;
}

/**
 * Answers what runs can be laid out by.
 *
 * @param comparison The runs.
 * @param shown The columns that are shown, besides hyperparameters.
 * @returns That; undefined until it is known.
 */
export function useVariables(
  comparison: Comparison,
  shown: readonly (string | undefined)[],
): Variables | undefined {
  const { table, state, runs } = comparison;
  const { columns } = state;
  const candidates = useMemo(
    () => columns === undefined ? [] : candidateHparams(columns),
    [columns],
  );
  const wanted = [
    ...candidates.map(({ id }) => id),
    ...shown.filter((column) => column !== undefined),
  ];
  useColumns(table, [...new Set(wanted)]);
  const last = COMPARE.min() + COMPARE.duration();
  return useMemo(() => {
    if (columns === undefined) return undefined;
    if (!candidates.every(({ id }) => table.isKnown(id))) return undefined;
    const hparams = varying(
      candidates,
      runs,
      (column, run) => table.cell(column, run),
    );
    const metrics = metricVariables(columns, (stat) => COMPARE[stat]());
    const others: readonly Variable[] = [
      { id: "duration", label: `${COMPARE.duration()} (s)`, kind: "other" },
    ];
    const all = new Map(
      [...candidates, ...metrics, ...others].map((each) => [each.id, each]),
    );
    return {
      hparams,
      metrics,
      others,
      find: (column) => all.get(column),
      read: (column) => runs.map(({ id }) => table.cell(column, id)),
      isKnown: (wanted) => wanted.every((column) => table.isKnown(column)),
    };
  }, [columns, candidates, table, state, runs, last]);
}
