/**
 * Curves as SVG, without any script.
 *
 * @module
 */

import type { CurveBucket } from "../reading/curve.ts";
import { type Markup, markup } from "./markup.ts";
import { powerTicks, roundTicks, type Span, tickText } from "./ticks.ts";

/** A line of a chart. */
export interface ChartLine {
  /** Its name. */
  readonly label: string;
  /** Its colour. */
  readonly color: string;
  /** Its points. */
  readonly curve: readonly CurveBucket[];
}

/** How a chart is drawn. */
export interface ChartOptions {
  /** What it shows, for those who do not see it. */
  readonly title: string;
  /** How many points a line may have. */
  readonly points: number;
}

/** The size of a chart in its own units; it is as wide as there is room. */
const WIDTH = 360;
const HEIGHT = 168;
const PLOT = { left: 44, right: 350, top: 8, bottom: 146 };
const Y_TICKS = 4;
const X_TICKS = 5;

/** From this ratio of the greatest value to the least on, the axis is logarithmic. */
const LOG_RATIO = 1_000;

/**
 * Draws curves over their steps: a line, and behind it an area from the least to the greatest value where there are more
 * points than can be drawn.
 *
 * @param lines The lines.
 * @param options How to draw them.
 * @returns The chart.
 */
export function drawChart(
  lines: readonly ChartLine[],
  { title, points }: ChartOptions,
): Markup {
  const shown = lines.map((line) => ({
    ...line,
    curve: coarser(line.curve, points),
  }));
  const frame = frameOf(shown.flatMap(({ curve }) => curve));
  return markup`<svg class="em-chart" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}" fill="none">${
    yAxis(frame)
  }${xAxis(frame)}${shown.map((line) => band(line, frame))}${
    shown.map((line) => stroke(line, frame))
  }</svg>`;
}

/** Whether the values of some curves are laid out by their logarithm. */
function isLogarithmic({ low, high }: Span): boolean {
  return low > 0 && high / low >= LOG_RATIO;
}

interface Frame {
  readonly xs: Span;
  readonly ys: Span;
  readonly isLog: boolean;
  readonly x: (step: number) => string;
  readonly y: (value: number) => string;
}

function frameOf(buckets: readonly CurveBucket[]): Frame {
  let [x0, x1, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const bucket of buckets) {
    x0 = Math.min(x0, bucket.x0, bucket.x1);
    x1 = Math.max(x1, bucket.x0, bucket.x1);
    low = Math.min(low, bucket.min);
    high = Math.max(high, bucket.max);
  }
  const xs = x1 > x0 ? { low: x0, high: x1 } : { low: x0 - 1, high: x0 + 1 };
  const isLog = isLogarithmic({ low, high });
  const ys = isLog ? { low, high } : withRoom({ low, high });
  return {
    ...{ xs, ys, isLog },
    x: (step) => place(part(step, xs), PLOT.left, PLOT.right),
    y: (value) =>
      place(
        isLog
          ? part(Math.log10(value), {
            low: Math.log10(low),
            high: Math.log10(high),
          })
          : part(value, ys),
        PLOT.bottom,
        PLOT.top,
      ),
  };
}

/** What is the same everywhere lies in the middle. */
function withRoom({ low, high }: Span): Span {
  const room = high > low ? (high / 2 - low / 2) / 16 : Math.abs(low) / 2 || 1;
  const wider = { low: low - room, high: high + room };
  return Number.isFinite(wider.low) && Number.isFinite(wider.high)
    ? wider
    : { low, high };
}

/** Halved first: the range of doubles is wider than a double. The least doubles have no halves. */
function part(value: number, { low, high }: Span): number {
  const range = high / 2 - low / 2;
  return range > 0 ? (value / 2 - low / 2) / range : 0.5;
}

function place(part: number, from: number, to: number): string {
  return String(Math.round(10 * (from + part * (to - from))) / 10);
}

function yAxis({ ys, isLog, y }: Frame): Markup[] {
  const powers = isLog ? powerTicks(ys) : [];
  const ticks = powers.length > 1 ? powers : roundTicks(ys, Y_TICKS);
  return ticks.map((tick) =>
    markup`<path class="em-grid" d="M${PLOT.left} ${
      y(tick)
    }H${PLOT.right}" /><text x="${PLOT.left - 6}" y="${
      y(tick)
    }" dy=".35em" text-anchor="end">${tickText(tick)}</text>`
  );
}

function xAxis({ xs, x }: Frame): Markup[] {
  return roundTicks(xs, X_TICKS).map((tick) =>
    markup`<text x="${x(tick)}" y="${HEIGHT - 6}" text-anchor="middle">${
      tickText(tick)
    }</text>`
  );
}

function band({ curve, color }: ChartLine, { x, y }: Frame): Markup {
  if (!curve.some(({ min, max }) => max > min)) return markup``;
  const upper = curve.map((bucket) => `${x(middleX(bucket))} ${y(bucket.max)}`);
  const lower = curve.map((bucket) => `${x(middleX(bucket))} ${y(bucket.min)}`)
    .reverse();
  return markup`<path d="M${
    [...upper, ...lower].join(
      "L",
    )
  }Z" fill="${color}" fill-opacity=".2" />`;
}

function stroke({ curve, color, label }: ChartLine, frame: Frame): Markup {
  const { x, y, isLog } = frame;
  const places = curve.map((bucket) =>
    `${x(middleX(bucket))} ${y(middleY(bucket, isLog))}`
  );
  const [first] = places;
  if (first === undefined) return markup``;
  // A line to where it begins is a dot.
  const d = places.length === 1 ? `M${first}h0` : `M${places.join("L")}`;
  return markup`<path class="em-line" d="${d}" stroke="${color}" stroke-width="${
    places.length === 1 ? 5 : 1.7
  }"><title>${label}</title></path>`;
}

function middleX({ x0, x1 }: CurveBucket): number {
  return x0 / 2 + x1 / 2;
}

function middleY({ min, max }: CurveBucket, isLog: boolean): number {
  if (min === max) return min;
  return isLog ? 10 ** ((Math.log10(min) + Math.log10(max)) / 2) : min / 2 +
    max / 2;
}

/** Puts neighbours together until there are no more than so many. */
function coarser(
  curve: readonly CurveBucket[],
  most: number,
): readonly CurveBucket[] {
  const each = Math.ceil(curve.length / most);
  if (each <= 1) return curve;
  const merged: CurveBucket[] = [];
  for (let at = 0; at < curve.length; at += each) {
    merged.push(curve.slice(at, at + each).reduce(merge));
  }
  return merged;
}

function merge(a: CurveBucket, b: CurveBucket): CurveBucket {
  const [low, high] = [a.min <= b.min ? a : b, a.max >= b.max ? a : b];
  return {
    x0: a.x0,
    x1: b.x1,
    min: low.min,
    minX: low.minX,
    max: high.max,
    maxX: high.maxX,
  };
}
