/**
 * What all charts of a board share.
 *
 * @module
 */

import { type Context, createContext } from "preact";
import type { MetricsFile, Series } from "../api/types.ts";
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
  /** From which steps on attempts have gone on, by the keys of metrics files. */
  readonly resumed: ReadonlyMap<string, MetricsFile["resumedAt"]>;
  readonly smoother: Smoother;
}

/** Where charts find it: those that cannot be seen need not be drawn anew when it changes. */
export const BoardScope: Context<BoardContext | undefined> = createContext<
  BoardContext | undefined
>(undefined);
