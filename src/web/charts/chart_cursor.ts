/**
 * What a chart reads at the cursor, and how keys move it.
 *
 * @module
 */

import type { BoardCursor } from "./board_state.ts";
import type { ChartModel } from "./chart_model.ts";
import { valueAt } from "./line.ts";
import { nearestRow } from "./nearest.ts";
import type { Plot } from "./plot.ts";
import { chooseNearest, type Chosen, readLines } from "./readings.ts";
import { placesIn } from "./trace.ts";

const MAX_SHOWN = 12;

/** Reads the lines of a chart at the cursor. */
export function readChart(
  model: ChartModel,
  plot: Plot,
  cursor: BoardCursor,
): Chosen {
  const { area } = plot;
  const place = placesIn(area);
  return chooseNearest(readLines(model.lines, cursor.x, model.x), {
    limit: MAX_SHOWN,
    distance: ({ value }) => Math.abs(place.y(value) - area.top - cursor.top),
  });
}

/** Shows the cursor of the board in a chart: its line, the line that is nearest, and dots. */
export function showCursor(
  model: ChartModel,
  plot: Plot,
  options: {
    readonly cursor: BoardCursor | undefined;
    /** Whether somebody points in this chart. */
    readonly isSource: boolean;
  },
): void {
  const { cursor, isSource } = options;
  if (!isSource || cursor?.byKey) plot.showCursor(cursor?.x);
  if (cursor === undefined || model.isEmpty) return plot.highlight(undefined);
  const { shown, nearest, left } = readChart(model, plot, cursor);
  const { area } = plot;
  const place = placesIn(area);
  const dotted = left === 0 ? shown : nearest && isSource ? [nearest] : [];
  plot.highlight(
    isSource && model.lines.length > 1 ? nearest?.line : undefined,
    dotted.flatMap(({ line, row, value }) => {
      const x = place.x(line.curve.center(row)) - area.left;
      const y = place.y(value) - area.top;
      const isInside = x >= 0 && x <= area.width && y >= 0 && y <= area.height;
      return isInside ? [{ x, y, color: line.color }] : [];
    }),
  );
}

/** Where a key moves the cursor to, and on which line it is then. */
export function moveCursor(
  model: ChartModel,
  plot: Plot,
  options: {
    readonly key: string;
    readonly x: number | undefined;
    /** The line on which it is. */
    readonly line: number;
  },
):
  | { readonly x: number; readonly top: number; readonly line: number }
  | undefined {
  const { key, line: old } = options;
  const { lines } = model;
  if (lines.length === 0) return undefined;
  const step = key === "ArrowDown" ? 1 : key === "ArrowUp" ? -1 : 0;
  const line = (Math.min(old, lines.length - 1) + step + lines.length) %
    lines.length;
  const chosen = lines[line];
  if (chosen === undefined) return undefined;
  const { curve } = chosen;
  const place = placesIn(plot.area);
  const middle = (model.x.min + model.x.max) / 2;
  let row = nearestRow(curve, options.x ?? middle) ?? 0;
  const start = place.x(curve.center(row));
  const way = key === "ArrowRight" ? 1 : key === "ArrowLeft" ? -1 : 0;
  while (way !== 0 && row + way >= 0 && row + way < curve.length) {
    row += way;
    if (Math.abs(place.x(curve.center(row)) - start) >= 1) break;
  }
  if (key === "Home") row = 0;
  if (key === "End") row = curve.length - 1;
  const y = place.y(valueAt(chosen, row)) - plot.area.top;
  return { x: curve.center(row), top: Number.isNaN(y) ? 0 : y, line };
}
