/**
 * Curves in characters.
 *
 * @module
 */

import type { CurveBucket } from "../../reading/curve.ts";
import { DotCanvas } from "./dot_canvas.ts";
import { numberText } from "./texts.ts";

/** How curves are drawn. */
export interface PlotOptions {
  /** The curves. */
  readonly curves: readonly (readonly CurveBucket[])[];
  /** How many characters a line may have. */
  readonly width: number;
  /** How many lines the curves have; the axis below takes two more. */
  readonly height: number;
  /** Whether the values are laid out by their logarithm; those that have none are left out. */
  readonly isLog: boolean;
  /** Whether curves are drawn in dots, or in characters of their own. */
  readonly isBraille: boolean;
  /** Makes what is shown of a character of a curve. */
  readonly paint: (character: string, curve: number) => string;
}

/** How many digits the numbers at the axes have. */
const DIGITS = 4;

/** Every so many lines there is a number. */
const LINES_PER_NUMBER = 4;

/** The narrowest curves that are drawn. */
const LEAST_COLUMNS = 8;

/** What the canvas shows. */
interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws curves over their steps, with a number at each end of the axes and some between. Lowest and highest values are
 * always seen.
 *
 * @param options What to draw.
 * @returns The lines; none if there is nothing to draw.
 */
export function plotLines(options: PlotOptions): string[] {
  const { isLog, height, isBraille } = options;
  const scale = isLog ? Math.log10 : (value: number) => value;
  const inverse = isLog ? (y: number) => 10 ** y : (y: number) => y;
  const curves = options.curves.map((curve) => pointsOf(curve, scale));
  const frame = frameOf(options.curves.flat(), curves.flat());
  if (frame === undefined) return [];
  const numbers = Array.from({ length: height }, (_, row) => {
    const part = height === 1 ? 0 : row / (height - 1);
    const isShown = row === height - 1 ||
      (row % LINES_PER_NUMBER === 0 && height - 1 - row >= 2);
    const y = between(frame.high, frame.low, part);
    return isShown ? numberText(inverse(y), DIGITS) : "";
  });
  const margin = Math.max(...numbers.map(({ length }) => length));
  const columns = Math.max(LEAST_COLUMNS, options.width - margin - 2);
  const canvas = new DotCanvas(columns, height, isBraille);
  for (const [owner, points] of curves.entries()) {
    draw(canvas, points, { frame, owner });
  }
  const rows = numbers.map((text, row) => {
    const tick = text === "" ? "│" : "┤";
    return `${text.padStart(margin)} ${tick}${canvas.row(row, options.paint)}`
      .trimEnd();
  });
  return [...rows, ...xAxis(frame, { margin, columns })];
}

type DrawnPoint = readonly [x: number, y: number];

/** The least and the greatest point of each bucket, in the order in which they came. */
function pointsOf(
  curve: readonly CurveBucket[],
  scale: (value: number) => number,
): DrawnPoint[] {
  return curve.flatMap(({ min, max, minX, maxX }) => {
    const low = [minX, scale(min)] as const;
    const high = [maxX, scale(max)] as const;
    return minX <= maxX ? [low, high] : [high, low];
  }).filter(([, y]) => Number.isFinite(y));
}

function frameOf(
  buckets: readonly CurveBucket[],
  points: readonly DrawnPoint[],
): Frame | undefined {
  let [x0, x1, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const bucket of buckets) {
    x0 = Math.min(x0, bucket.x0, bucket.x1);
    x1 = Math.max(x1, bucket.x0, bucket.x1);
  }
  for (const [, y] of points) {
    low = Math.min(low, y);
    high = Math.max(high, y);
  }
  return points.length === 0 ? undefined : { x0, x1, low, high };
}

function draw(
  canvas: DotCanvas,
  points: readonly DrawnPoint[],
  { frame, owner }: { readonly frame: Frame; readonly owner: number },
): void {
  const { x0, x1, low, high } = frame;
  const place = ([x, y]: DrawnPoint): [number, number] => [
    Math.round(partOf(x, x0, x1) * (canvas.width - 1)),
    Math.round((1 - partOf(y, low, high)) * (canvas.height - 1)),
  ];
  let before: [number, number] | undefined;
  for (const point of points) {
    const to = place(point);
    canvas.line(before ?? to, to, owner);
    before = to;
  }
}

/** Where a value is between two others. Halved first: the range of doubles is wider than a double. */
function partOf(value: number, low: number, high: number): number {
  const range = high / 2 - low / 2;
  return range === 0 ? 0.5 : (value / 2 - low / 2) / range;
}

function between(from: number, to: number, part: number): number {
  return from * (1 - part) + to * part;
}

function xAxis(
  { x0, x1 }: Frame,
  { margin, columns }: { readonly margin: number; readonly columns: number },
): string[] {
  const room = " ".repeat(margin + 1);
  const middle = Math.floor((columns - 1) / 2);
  const [left, right] = [x0, x1].map((x) => numberText(x, DIGITS));
  const center = numberText(between(x0, x1, 0.5), DIGITS);
  const marks = Array.from(
    { length: columns },
    (_, at) => at === middle || at === columns - 1 ? "┬" : "─",
  );
  const texts = (left ?? "").padEnd(columns).split("");
  put(texts, center, middle - Math.floor(center.length / 2));
  put(texts, right ?? "", columns - (right ?? "").length);
  return [
    `${room}└${marks.join("")}`,
    `${room} ${texts.join("")}`.trimEnd(),
  ];
}

/** Writes a text, if there is room for it and a space on its left. */
function put(into: string[], text: string, start: number): void {
  const from = Math.max(0, start - 1);
  const isFree = into.slice(from, start + text.length + 1)
    .every((character) => character === " ");
  if (isFree) into.splice(start, text.length, ...text);
}
