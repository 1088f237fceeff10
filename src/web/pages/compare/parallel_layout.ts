/**
 * Where the axes and lines of parallel coordinates are.
 *
 * @module
 */

import { type Cell, cellText } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** The space there is. */
export interface ParallelBox {
  readonly width: number;
  readonly height: number;
}

/** A place below an axis, for what has no place on it. */
export interface OddPlace {
  readonly text: string;
  readonly y: number;
}

/** An axis in its place. */
export interface PlacedAxis {
  readonly x: number;
  /** Where a value is, from the top. */
  readonly y: (cell: Cell) => number;
  /** Where a part of the axis is, from the top. */
  readonly yAt: (at: number) => number;
  /** The part of the axis at a height. */
  readonly atY: (y: number) => number;
  readonly odd: readonly OddPlace[];
  readonly bottom: number;
}

/** Free space above and below the axes, and on both sides. */
export const PARALLEL_PAD = { top: 12, bottom: 12, side: 76 } as const;
const ODD_HEIGHT = 18;
/** Axes are no closer than this, so that their names can be read. */
const LEAST_GAP = 120;

/** The width that so many axes need at least. */
export function leastWidth(axes: number): number {
  return 2 * PARALLEL_PAD.side + Math.max(0, axes - 1) * LEAST_GAP;
}

/**
 * Lays out axes from left to right.
 *
 * @param axes Their scales, and the values on each.
 * @param box The space.
 * @returns The axes in their places.
 */
export function placeAxes(
  axes: readonly { readonly scale: Scale; readonly cells: readonly Cell[] }[],
  box: ParallelBox,
): readonly PlacedAxis[] {
  const { top, bottom, side } = PARALLEL_PAD;
  const gap = axes.length > 1 ? (box.width - 2 * side) / (axes.length - 1) : 0;
  return axes.map(({ scale, cells }, i) => {
    const texts = [
      ...new Set(
        cells.filter((cell) => scale.at(cell) === undefined).map(cellText),
      ),
    ];
    const floor = box.height - bottom;
    const end = floor - texts.length * ODD_HEIGHT;
    const odd = texts.map((text, j) => ({
      text,
      y: end + (j + 1) * ODD_HEIGHT,
    }));
    const yAt = (at: number): number => end - at * (end - top);
    return {
      x: axes.length > 1 ? side + i * gap : box.width / 2,
      yAt,
      atY: (y) => Math.max(0, Math.min(1, (end - y) / (end - top))),
      y: (cell) => {
        const at = scale.at(cell);
        if (at !== undefined) return yAt(at);
        return odd[texts.indexOf(cellText(cell))]?.y ?? floor;
      },
      odd,
      bottom: end,
    };
  });
}

/** How wide the name of an axis may be. */
export function headWidth(axes: readonly PlacedAxis[]): number {
  const gap = (axes[1]?.x ?? Infinity) - (axes[0]?.x ?? 0);
  return Math.min(gap, 2 * PARALLEL_PAD.side) - 6;
}

/** The line of a run through all axes, as an SVG path. */
export function linePath(
  axes: readonly PlacedAxis[],
  cells: readonly Cell[],
): string {
  const points = axes.map(({ x, y }, i) => [x, y(cells[i])] as const);
  return points.map(([x, y], i) => {
    const before = points[i - 1];
    if (before === undefined) return `M${fix(x)} ${fix(y)}`;
    const middle = fix((before[0] + x) / 2);
    return `C${middle} ${fix(before[1])} ${middle} ${fix(y)} ${fix(x)} ${
      fix(y)
    }`;
  }).join("");
}

function fix(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The place in an order that an axis at some x has been dragged to. */
export function dropIndex(axes: readonly PlacedAxis[], x: number): number {
  let best = 0;
  axes.forEach((axis, i) => {
    if (Math.abs(axis.x - x) < Math.abs((axes[best]?.x ?? 0) - x)) best = i;
  });
  return best;
}
