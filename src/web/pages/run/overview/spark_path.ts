/**
 * A small curve.
 *
 * @module
 */

import type { SeriesPoints } from "../../../api/types.ts";

/** A small curve: lines, and points that stand alone between values that are none. */
export interface Spark {
  /** As SVG paths have it. */
  readonly line: string;
  readonly dots: readonly { readonly x: number; readonly y: number }[];
}

/**
 * Draws a series into a box.
 *
 * @param points Its points, raw or in buckets: of those both ends are in the curve, so that no spike is lost.
 * @param width The box's width.
 * @param height Its height.
 * @returns The curve; what is not finite interrupts it.
 */
export function sparkPath(
  points: SeriesPoints,
  width: number,
  height: number,
): Spark {
  const pairs = pairsOf(points);
  const finite = pairs.filter((pair) => pair.y !== null);
  const [left, right] = extent(finite.map(({ x }) => x));
  const [low, high] = extent(finite.map(({ y }) => y ?? 0));
  // Halves: the distance of two numbers may be too large for a number.
  const span = high / 2 - low / 2;
  const place = (x: number, y: number) => ({
    x: round(right > left ? (x - left) / (right - left) * width : width / 2),
    y: round(
      span > 0 ? (1 - (y / 2 - low / 2) / span) * height : height / 2,
    ),
  });
  const parts: { x: number; y: number }[][] = [[]];
  for (const { x, y } of pairs) {
    if (y === null) parts.push([]);
    else parts.at(-1)?.push(place(x, y));
  }
  const line = parts.filter((part) => part.length > 1)
    .map((part) => `M${part.map(({ x, y }) => `${x} ${y}`).join("L")}`)
    .join("");
  const dots = parts.flatMap((part) => part.length === 1 ? part : []);
  return { line, dots };
}

interface Pair {
  readonly x: number;
  readonly y: number | null;
}

function pairsOf({ raw, buckets }: SeriesPoints): Pair[] {
  if (raw !== undefined) {
    return raw.x.map((x, i) => {
      const y = raw.y[i];
      return { x, y: typeof y === "number" ? y : null };
    });
  }
  if (buckets === undefined) return [];
  return buckets.x0.flatMap((x0, i): Pair[] => {
    const [min, max] = [buckets.min[i] ?? null, buckets.max[i] ?? null];
    if (min === null || max === null) return [{ x: x0, y: null }];
    const minX = buckets.minX[i] ?? x0;
    const maxX = buckets.maxX[i] ?? x0;
    const [low, high] = [{ x: minX, y: min }, { x: maxX, y: max }];
    return min === max ? [low] : minX <= maxX ? [low, high] : [high, low];
  });
}

function extent(values: readonly number[]): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

const round = (value: number): number => Math.round(value * 10) / 10;
