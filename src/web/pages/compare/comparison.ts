/**
 * The runs of a comparison, as every part of the page sees them.
 *
 * @module
 */

import type { Node, Row, RunFacts } from "../../api/types.ts";
import { runColor } from "../../charts/palette.ts";
import type { CompareView } from "./compare_view.ts";
import { runLabels } from "./run_labels.ts";
import type { RunTable } from "./run_table.ts";
import type { RunTableState } from "./run_table_state.ts";

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

/** The runs that the address names and the server knows, in the order of the address. */
export function comparedRuns(
  view: CompareView,
  state: RunTableState,
): readonly ComparedRun[] {
  const found = view.ids.flatMap((id, place): [Row, number][] => {
    const row = state.rows.get(id);
    return row === undefined || state.gone.includes(id) ? [] : [[row, place]];
  });
  const labels = runLabels(found.map(([{ node }]) => node.path));
  return found.map(([{ node, run }, place], i): ComparedRun => ({
    id: node.id,
    label: labels[i] ?? node.name,
    node,
    run,
    color: runColor(place),
    isHidden: view.hidden.has(node.id),
    isBaseline: view.baseline === node.id,
  }));
}
