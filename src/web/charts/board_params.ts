/**
 * What is chosen about charts, as the address says.
 *
 * @module
 */

import type { XAxis } from "../api/types.ts";

/** What stands in the address. */
export interface BoardParams {
  readonly x: XAxis;
  readonly isLogX: boolean;
  readonly isLogY: boolean;
  /** Whether the few values that are far off lie beyond the axis. */
  readonly isClipped: boolean;
  /** From 0 to 0.99. */
  readonly smoothing: number;
  readonly search: string;
  /** Whether metric types have charts of their own. */
  readonly isApart: boolean;
  /** Ids of runs that are not drawn. */
  readonly hidden: ReadonlySet<string>;
  /** The chart that is shown large. */
  readonly chart: string | undefined;
}
