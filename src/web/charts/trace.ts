/**
 * The shapes of a curve: line, band and marks, for whatever draws them.
 *
 * @module
 */

import type { Curve } from "./curve.ts";
import { placer, type Scale } from "./scale.ts";

/** Where curves are drawn, in pixels. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Scale;
  readonly y: Scale;
}

/** What draws lines: a path of a canvas, or one of an SVG. */
export interface Sink {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
}

/** Further away than this, coordinates lose their precision on a canvas. */
const FAR = 30_000;

/** Tells where points stand in a frame. */
export interface Places {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

/** The scales of a frame as functions. */
export function placesIn(frame: Frame): Places {
  const { left, top, width, height } = frame;
  const toY = placer(frame.y, top + height, top);
  return {
    x: placer(frame.x, left, left + width),
    y: (value) => Math.max(-FAR, Math.min(FAR, toY(value))),
  };
}

/** The rows of a curve that can be seen, with one more on each side. */
export function seenRows(
  curve: Curve,
  { min, max }: Scale,
): { readonly from: number; readonly to: number } {
  if (!curve.isSorted) return { from: 0, to: curve.length };
  const { x0, x1 } = curve.columns;
  const find = (list: Float64Array, x: number, inclusive: boolean): number => {
    let low = 0;
    let high = curve.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const value = list[middle] as number;
      if (value < x || inclusive && value === x) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    from: Math.max(0, find(x1, min, false) - 1),
    to: Math.min(curve.length, find(x0, max, true) + 1),
  };
}

/**
 * Traces the line through the middles of buckets; it breaks where there is no finite value.
 *
 * @param curve The curve.
 * @param frame Where.
 * @param ys A value for each bucket, such as smoothed ones; default: the means.
 * @param sink Draws.
 */
export function traceLine(
  curve: Curve,
  frame: Frame,
  ys: Float64Array,
  sink: Sink,
): void {
  const place = placesIn(frame);
  const { from, to } = seenRows(curve, frame.x);
  const pen = penOf(sink);
  const { before, after } = curve;
  if (from === 0 && before && typeof before.y === "number") {
    pen(place.x(before.x ?? NaN), place.y(before.y));
  }
  for (let row = from; row < to; row++) {
    pen(place.x(curve.center(row)), place.y(ys[row] as number));
  }
  if (to === curve.length && after && typeof after.y === "number") {
    pen(place.x(after.x ?? NaN), place.y(after.y));
  }
}

/** Traces the line through the least and the greatest value of each bucket, in their order: no spike is lost without a band. */
export function traceExtremes(curve: Curve, frame: Frame, sink: Sink): void {
  const place = placesIn(frame);
  const { from, to } = seenRows(curve, frame.x);
  const { min, max, minX, maxX, count } = curve.columns;
  const pen = penOf(sink);
  for (let row = from; row < to; row++) {
    const low = minX[row] as number;
    const high = maxX[row] as number;
    if (count[row] === 1) {
      pen(place.x(low), place.y(min[row] as number));
      continue;
    }
    const isLowFirst = low <= high;
    const first = isLowFirst ? min : max;
    const second = isLowFirst ? max : min;
    pen(place.x(isLowFirst ? low : high), place.y(first[row] as number));
    pen(place.x(isLowFirst ? high : low), place.y(second[row] as number));
  }
}

/** Lifts the pen where there is nothing to draw. */
function penOf(sink: Sink): (x: number, y: number) => void {
  let isDown = false;
  return (x, y) => {
    if (Number.isNaN(x) || Number.isNaN(y)) {
      isDown = false;
      return;
    }
    if (isDown) sink.lineTo(x, y);
    else sink.moveTo(x, y);
    isDown = true;
  };
}

/** Traces the area between the least and the greatest value of buckets, as closed shapes. */
export function traceBand(curve: Curve, frame: Frame, sink: Sink): void {
  const place = placesIn(frame);
  const { from, to } = seenRows(curve, frame.x);
  const { min, max, count } = curve.columns;
  const bottom = frame.top + frame.height;
  const low = (row: number): number => {
    const y = place.y(min[row] as number);
    return Number.isNaN(y) && (max[row] as number) > 0 ? bottom : y;
  };
  let start = from;
  while (start < to) {
    let end = start;
    let isWide = false;
    while (end < to && !Number.isNaN(place.y(max[end] as number))) {
      isWide ||= (count[end] as number) > 1;
      end++;
    }
    if (isWide) {
      sink.moveTo(place.x(curve.center(start)), place.y(max[start] as number));
      for (let row = start + 1; row < end; row++) {
        sink.lineTo(place.x(curve.center(row)), place.y(max[row] as number));
      }
      for (let row = end - 1; row >= start; row--) {
        sink.lineTo(place.x(curve.center(row)), low(row));
      }
      sink.lineTo(place.x(curve.center(start)), place.y(max[start] as number));
    }
    start = Math.max(end, start) + 1;
  }
}

/** What cannot be drawn where it is: no number, infinite, or not positive on a logarithmic scale. */
export type OddKind = "nan" | "posInf" | "negInf" | "nonPositive";

/** A mark at the edge of the plot, for values that cannot be drawn where they are. */
export interface OddMark {
  readonly kind: OddKind;
  /** In pixels. */
  readonly x: number;
}

const MARK_DISTANCE = 5;

/** Finds the marks of a curve, not more than can be told apart. */
export function oddMarks(curve: Curve, frame: Frame): OddMark[] {
  const marks: OddMark[] = [];
  const toX = placer(frame.x, frame.left, frame.left + frame.width);
  const { from, to } = seenRows(curve, frame.x);
  const { nan, posInf, negInf, min } = curve.columns;
  const last = new Map<OddKind, number>();
  const mark = (kind: OddKind, x: number): void => {
    if (Math.abs(x - (last.get(kind) ?? -Infinity)) < MARK_DISTANCE) return;
    last.set(kind, x);
    marks.push({ kind, x });
  };
  for (let row = from; row < to; row++) {
    const isOdd = (nan[row] as number) + (posInf[row] as number) +
      (negInf[row] as number);
    const isLow = frame.y.isLog && (min[row] as number) <= 0;
    if (isOdd === 0 && !isLow) continue;
    const x = toX(curve.center(row));
    if (!(x >= frame.left - 1 && x <= frame.left + frame.width + 1)) continue;
    if ((nan[row] as number) > 0) mark("nan", x);
    if ((posInf[row] as number) > 0) mark("posInf", x);
    if ((negInf[row] as number) > 0) mark("negInf", x);
    if (isLow) mark("nonPositive", x);
  }
  return marks;
}

/** The outline of a mark around a place, in pixels: a cross, a triangle up or down, or a square. */
export function markShape(
  { kind, x }: OddMark,
  frame: Frame,
  size: number,
): readonly (readonly [x: number, y: number][])[] {
  const top = frame.top + size;
  const bottom = frame.top + frame.height - size;
  switch (kind) {
    case "nan":
      return [
        [[x - size, bottom - size], [x + size, bottom + size]],
        [[x - size, bottom + size], [x + size, bottom - size]],
      ];
    case "posInf":
      return [[
        [x - size, top + size],
        [x, top - size],
        [x + size, top + size],
        [x - size, top + size],
      ]];
    case "negInf":
      return [[
        [x - size, bottom - size],
        [x, bottom + size],
        [x + size, bottom - size],
        [x - size, bottom - size],
      ]];
    case "nonPositive":
      return [[
        [x - size, bottom - size],
        [x + size, bottom - size],
        [x + size, bottom + size],
        [x - size, bottom + size],
        [x - size, bottom - size],
      ]];
  }
}

/** Whether points are so few that each is shown as a dot, and else those that stand alone, which no line shows. */
export function dotRows(curve: Curve, frame: Frame): number[] {
  const { from, to } = seenRows(curve, frame.x);
  const { mean } = curve.columns;
  const isKnown = (row: number): boolean =>
    row >= 0 && row < curve.length && !Number.isNaN(mean[row]);
  const isSparse = to - from <= frame.width / 14;
  const rows: number[] = [];
  for (let row = from; row < to; row++) {
    if (!isKnown(row)) continue;
    if (isSparse || !isKnown(row - 1) && !isKnown(row + 1)) rows.push(row);
  }
  return rows;
}
