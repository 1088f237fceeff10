/**
 * The runs of a comparison, as every part of the page sees them.
 *
 * @module
 */

import type { Node, Row, RunFacts } from "../../api/types.ts";
import { runColor } from "../../charts/palette.ts";
import type { CompareView } from "./compare_view.ts";
import { runLabels } from "./run_labels.ts";
import type { RunTable, RunTableState } from "./run_table.ts";

/** A run of a comparison. */
export interface ComparedRun {
  readonly id: string;
  /** What it is called; with folders where others have the same name. */
  readonly label: string;
  readonly node: Node;
  readonly run: RunFacts | null;
  /** Goes by its place in the address, so that it is the same everywhere. */
  readonly color: string;
  readonly isHidden: boolean;
  readonly isBaseline: boolean;
}

/** A comparison. */
export interface Comparison {
  readonly view: CompareView;
  readonly table: RunTable;
  readonly state: RunTableState;
  /** All runs that there are. */
  readonly all: readonly ComparedRun[];
  /** Those that are not hidden. */
  readonly runs: readonly ComparedRun[];
  readonly baseline: ComparedRun | undefined;
}

/** Puts together what the address and the server say. */
export function toComparison(
  view: CompareView,
  table: RunTable,
  state: RunTableState,
): Comparison {
  const found = view.ids.flatMap((id, place): [Row, number][] => {
    const row = state.rows.get(id);
    return row === undefined || state.gone.includes(id) ? [] : [[row, place]];
  });
  const labels = runLabels(found.map(([{ node }]) => node.path));
  const all = found.map(([{ node, run }, place], i): ComparedRun => ({
    id: node.id,
    label: labels[i] ?? node.name,
    node,
    run,
    color: runColor(place),
    isHidden: view.hidden.has(node.id),
    isBaseline: view.baseline === node.id,
  }));
  return {
    view,
    table,
    state,
    all,
    runs: all.filter(({ isHidden }) => !isHidden),
    baseline: all.find(({ isBaseline }) => isBaseline),
  };
}
