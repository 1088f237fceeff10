/**
 * Where the points of a scatter plot are.
 *
 * @module
 */

import type { Cell } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** A point in its place. */
export interface PlacedPoint {
  /** Which run it is of. */
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** The part of a drawing that points are in. */
export interface PlotArea {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Points at the ends of an axis keep so far from its end. */
const INSET = 12;

/** Where a part of the x axis is. */
export function xAt({ left, right }: PlotArea, at: number): number {
  return left + INSET + at * (right - left - 2 * INSET);
}

/** Where a part of the y axis is. */
export function yAt({ top, bottom }: PlotArea, at: number): number {
  return bottom - INSET - at * (bottom - top - 2 * INSET);
}

/** The points of the runs that have a place on both axes, from left to right. */
export function placePoints(
  x: { readonly scale: Scale; readonly cells: readonly Cell[] },
  y: { readonly scale: Scale; readonly cells: readonly Cell[] },
  area: PlotArea,
): readonly PlacedPoint[] {
  return x.cells.flatMap((cell, index): PlacedPoint[] => {
    const across = x.scale.at(cell);
    const up = y.scale.at(y.cells[index]);
    return across === undefined || up === undefined
      ? []
      : [{ index, x: xAt(area, across), y: yAt(area, up) }];
  }).sort((a, b) => a.x - b.x || a.y - b.y);
}

/** The point nearest to a place, if it is near. */
export function nearestPoint(
  points: readonly PlacedPoint[],
  x: number,
  y: number,
  within: number,
): PlacedPoint | undefined {
  let best: PlacedPoint | undefined;
  let distance = within;
  for (const point of points) {
    const d = Math.hypot(point.x - x, point.y - y);
    if (d <= distance) [best, distance] = [point, d];
  }
  return best;
}
