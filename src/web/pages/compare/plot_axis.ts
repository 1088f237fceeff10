/**
 * An axis of parallel coordinates.
 *
 * @module
 */

import type { Brush } from "./brush.ts";
import type { Cell } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** An axis. */
export interface PlotAxis {
  /** Its column. */
  readonly id: string;
  readonly label: string;
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
  readonly scale: Scale;
  readonly brush: Brush | undefined;
}
