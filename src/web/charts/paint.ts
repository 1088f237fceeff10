/**
 * Curves on a canvas.
 *
 * @module
 */

import { type ChartLine, valueAt } from "./line.ts";
import {
  dotRows,
  type Frame,
  markShape,
  oddMarks,
  placesIn,
  traceBand,
  traceExtremes,
  traceLine,
} from "./trace.ts";

/** Where and how a curve is drawn. */
export interface PaintOptions {
  readonly frame: Frame;
  /** Pixels of the canvas for a pixel of the page. */
  readonly ratio: number;
}

/** How opaque things are. */
export const OPACITY = {
  band: 0.18,
  bandEdge: 0.4,
  raw: 0.3,
  line: 1,
  upright: 0.7,
};

/** How large marks and dots are. */
export const SIZES = { mark: 3.5, dot: 2.2, line: 1.5, strong: 2.6 };

/** Draws band, line and dots. */
export function paintLine(
  context: CanvasRenderingContext2D,
  line: ChartLine,
  options: PaintOptions & { readonly emphasis: "normal" | "strong" },
): void {
  const { frame, ratio, emphasis } = options;
  const { curve, color, smoothed, hasBand } = line;
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineJoin = "round";
  context.lineCap = "round";
  const isThin = line.isThin && emphasis === "normal";
  const stroke = (alpha: number, width: number, draw: () => void): void => {
    context.globalAlpha = alpha;
    context.lineWidth = isThin ? 1 : width * ratio;
    context.beginPath();
    draw();
    context.stroke();
  };
  if (emphasis === "normal" && hasBand) {
    stroke(OPACITY.bandEdge, 1, () => traceBand(curve, frame, context));
    context.globalAlpha = OPACITY.band;
    context.fill();
  }
  const { mean } = curve.columns;
  if (smoothed !== undefined && emphasis === "normal") {
    stroke(OPACITY.raw, 1, () => {
      if (hasBand) traceLine(curve, frame, mean, context);
      else traceExtremes(curve, frame, context);
    });
  }
  const width = emphasis === "strong" ? SIZES.strong : SIZES.line;
  context.setLineDash(line.dash.map((length) => length * ratio));
  stroke(OPACITY.line, width, () => {
    if (smoothed !== undefined) traceLine(curve, frame, smoothed, context);
    else if (hasBand) traceLine(curve, frame, mean, context);
    else traceExtremes(curve, frame, context);
  });
  context.setLineDash([]);
  paintDots(context, line, options);
}

function paintDots(
  context: CanvasRenderingContext2D,
  line: ChartLine,
  { frame, ratio }: PaintOptions,
): void {
  const place = placesIn(frame);
  context.globalAlpha = 1;
  context.beginPath();
  for (const row of dotRows(line.curve, frame, { onlyAlone: line.isThin })) {
    const x = place.x(line.curve.center(row));
    const y = place.y(valueAt(line, row));
    if (Number.isNaN(y)) continue;
    context.moveTo(x + SIZES.dot * ratio, y);
    context.arc(x, y, SIZES.dot * ratio, 0, 2 * Math.PI);
  }
  context.fill();
}

/** Draws a dashed line from top to bottom. */
export function paintUpright(
  context: CanvasRenderingContext2D,
  { x, color }: { readonly x: number; readonly color: string },
  { frame, ratio }: PaintOptions,
): void {
  const at = Math.round(placesIn(frame).x(x)) + 0.5;
  context.globalAlpha = OPACITY.upright;
  context.strokeStyle = color;
  context.lineWidth = ratio;
  context.setLineDash([3 * ratio, 3 * ratio]);
  context.beginPath();
  context.moveTo(at, frame.top);
  context.lineTo(at, frame.top + frame.height);
  context.stroke();
  context.setLineDash([]);
}

/** Draws the marks of values that cannot be drawn where they are. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  line: ChartLine,
  { frame, ratio }: PaintOptions,
): void {
  context.globalAlpha = 1;
  context.strokeStyle = line.color;
  context.lineWidth = 1.6 * ratio;
  context.beginPath();
  for (const mark of oddMarks(line.curve, frame)) {
    for (const shape of markShape(mark, frame, SIZES.mark * ratio)) {
      shape.forEach(([x, y], at) =>
        at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)
      );
    }
  }
  context.stroke();
}
