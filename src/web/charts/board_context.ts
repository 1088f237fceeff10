/**
 * What all charts of a board share.
 *
 * @module
 */

import type { Series } from "../api/types.ts";
import type { Smoother } from "./line.ts";
import type { ChartedRun } from "./charted_run.ts";
import type { PointsHub } from "./points_hub.ts";

/** What all charts of a board share. */
export interface BoardContext {
  readonly hub: PointsHub;
  /** The runs that are drawn. */
  readonly runs: readonly ChartedRun[];
  /** Whether the board has one run only. */
  readonly isSingle: boolean;
  /** All metric types, in order. */
  readonly types: readonly string[];
  /** What is known of series, by their keys. */
  readonly series: ReadonlyMap<string, Series>;
  readonly smoother: Smoother;
}
