/**
 * The axes of a chart, as uPlot draws them.
 *
 * @module
 */

import type uPlot from "uplot";
import type { XAxis } from "../api/types.ts";
import type { Scale } from "./scale.ts";
import {
  DURATION_STEPS,
  durationLabels,
  logLabels,
  numberLabels,
  timeLabels,
} from "./ticks.ts";
import { BYTE_STEPS, valueLabels } from "./unit.ts";

/** The colours of the page that a canvas needs. */
export interface PlotColors {
  /** Of labels. */
  readonly text: string;
  /** Of titles. */
  readonly strong: string;
  readonly grid: string;
  readonly surface: string;
}

const Y_AXIS_PX = 58;
const FONT = "11px system-ui, sans-serif";

/** The axis of steps or times. */
export function xAxis(
  { axis, x }: { readonly axis: XAxis; readonly x: Scale },
  colors: () => PlotColors,
): uPlot.Axis {
  const isWhole = axis === "step" && !x.isLog;
  const labels = x.isLog
    ? logLabels
    : axis === "time"
    ? timeLabels
    : axis === "relative"
    ? durationLabels
    : numberLabels;
  return {
    ...axisColors(colors),
    size: axis === "time" ? 44 : 30,
    space: axis === "step" || axis === "epoch" ? 64 : 84,
    font: FONT,
    gap: 6,
    values: (_, ticks) => labels(ticks),
    ...(axis === "relative" || axis === "time"
      ? { incrs: [...DURATION_STEPS] }
      : {}),
    ...(axis === "time" ? { splits: timeSplits } : {}),
    ...(isWhole
      ? { incrs: uPlotIncrs().filter((step) => Number.isInteger(step)) }
      : {}),
  };
}

function axisColors(colors: () => PlotColors): uPlot.Axis {
  return {
    stroke: () => colors().text,
    grid: { stroke: () => colors().grid, width: 1 },
    ticks: { show: false },
  };
}

/** The axis of values. */
export function yAxis(
  { y: { isLog }, unit }: { readonly y: Scale; readonly unit: string },
  colors: () => PlotColors,
): uPlot.Axis {
  return {
    ...axisColors(colors),
    size: Y_AXIS_PX,
    font: FONT,
    gap: 6,
    space: 34,
    values: (_, ticks) => valueLabels(ticks, { unit, isLog }),
    ...(unit === "B" && !isLog ? { incrs: [...BYTE_STEPS] } : {}),
  };
}

/** Distances of 1, 2 and 5 times powers of ten. */
function uPlotIncrs(): number[] {
  return Array.from({ length: 16 }, (_, power) => power)
    .flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));
}

/** Ticks at whole hours and days of the browser's zone. */
function timeSplits(
  _: uPlot,
  __: number,
  min: number,
  max: number,
  step: number,
): number[] {
  const offset = new Date(min).getTimezoneOffset() * 60_000;
  const first = Math.ceil((min - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let tick = first; tick <= max && ticks.length < 100; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}
