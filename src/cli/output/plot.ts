/**
 * Curves in characters.
 *
 * @module
 */

import type { CurveBucket } from "../../reading/curve.ts";
import { DotCanvas } from "./dot_canvas.ts";
import { numberText } from "./texts.ts";

/** A curve, and where values are that have no place on it. */
export interface PlottedCurve {
  /** The curve. */
  readonly curve: readonly CurveBucket[];
  /** Where the values are that are not finite; they are marked on the axis. */
  readonly marks: readonly number[];
}

/** How curves are drawn. */
export interface PlotOptions {
  /** The curves. */
  readonly curves: readonly PlottedCurve[];
  /** Writes a place on the axis. Default: as a number. */
  readonly xText?: ((x: number) => string) | undefined;
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

/** What stands on the axis where a value is not finite. */
const ODD = "×";

/** What the canvas shows. */
interface Frame {
  readonly x0: number;
  readonly x1: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws curves, with a number at each end of the axes and some between. Lowest and highest values are always seen, and on
 * the axis below where values are not finite.
 *
 * @param options What to draw.
 * @returns The lines; none if there is nothing to draw.
 */
export function plotLines(options: PlotOptions): string[] {
  const { isLog, height, isBraille } = options;
  const scale = isLog ? Math.log10 : (value: number) => value;
  const inverse = isLog ? (y: number) => 10 ** y : (y: number) => y;
  const curves = options.curves.map(({ curve }) => pointsOf(curve, scale));
  const frame = frameOf(options.curves, curves.flat());
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
  return [...rows, ...xAxis(frame, { ...options, margin, columns })];
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
  curves: readonly PlottedCurve[],
  points: readonly DrawnPoint[],
): Frame | undefined {
  let [x0, x1, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { curve, marks } of curves) {
    const ends = curve.flatMap((bucket) => [bucket.x0, bucket.x1]);
    for (const x of [...ends, ...marks]) {
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
    }
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

/** How the axis below is drawn. */
interface AxisOptions extends Pick<PlotOptions, "curves" | "xText" | "paint"> {
  readonly margin: number;
  readonly columns: number;
}

function xAxis({ x0, x1 }: Frame, options: AxisOptions): string[] {
  const { curves, margin, columns, paint } = options;
  const { xText = (x: number) => numberText(x, DIGITS) } = options;
  const room = " ".repeat(margin + 1);
  const middle = Math.floor((columns - 1) / 2);
  const [left = "", right = ""] = [x0, x1].map(xText);
  const center = xText(between(x0, x1, 0.5));
  const line: string[] = Array.from(
    { length: columns },
    (_, at) => at === middle || at === columns - 1 ? "┬" : "─",
  );
  for (const [owner, { marks }] of curves.entries()) {
    for (const x of marks) {
      const at = Math.round(partOf(x, x0, x1) * (columns - 1));
      line[at] = paint(ODD, owner);
    }
  }
  const texts = left.padEnd(columns).split("");
  put(texts, center, middle - Math.floor(center.length / 2));
  put(texts, right, columns - right.length);
  return [
    `${room}└${line.join("")}`,
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
