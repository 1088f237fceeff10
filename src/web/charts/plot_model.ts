/**
 * What a chart draws.
 *
 * @module
 */

import type { XAxis } from "../api/types.ts";
import type { ChartLine } from "./line.ts";
import type { Extent, Scale } from "./scale.ts";

/** A place of the x axis that is worth a line. */
export interface ChartMark {
  readonly x: number;
  /** Undefined for that of the axes. */
  readonly color: string | undefined;
}

/** What a chart shows. */
export interface PlotModel {
  readonly axis: XAxis;
  readonly x: Scale;
  readonly y: Scale;
  readonly lines: readonly ChartLine[];
  /** The unit of the values; `""` where it is not known. */
  readonly unit: string;
  readonly marks: readonly ChartMark[];
  /** The whole x axis, of what is known. */
  readonly whole: Extent | undefined;
  /** Whether a part of it is shown. */
  readonly isZoomed: boolean;
}
