/**
 * Which part of an axis is looked at, and how exactly.
 *
 * @module
 */

import type { PointsQuery } from "../api/em.ts";
import type { XAxis } from "../api/types.ts";

/** A part of an axis, and how exactly it is looked at. */
export interface View {
  readonly x: XAxis;
  /** The least x and the greatest; undefined for all. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly buckets: number;
}

/** A view as the server is asked for it. */
export function toQuery(view: View): Omit<PointsQuery, "node" | "metric"> {
  const { x, from, to, buckets } = view;
  return {
    x,
    buckets,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

/** Whether two views are the same. */
export function isSameView(
  a: View,
  b: Omit<View, "buckets"> & { readonly buckets?: number | undefined },
): boolean {
  return a.x === b.x && a.from === b.from && a.to === b.to &&
    a.buckets === b.buckets;
}

/** A few sizes, so that charts of about one width are asked for together and a window may be resized in peace. */
const SIZES = [60, 100, 150, 250, 400, 600, 900, 1400, 2200];
/** So many buckets a chart can be drawn from at any moment. */
const MAX_TOTAL = 20_000;

/**
 * How many buckets a series is divided into: about one a pixel, and fewer where there are many lines.
 *
 * @param width Of the plot, in pixels.
 * @param lines How many lines it shows.
 * @returns The number.
 */
export function bucketsFor(width: number, lines: number): number {
  const wanted = Math.min(width, MAX_TOTAL / Math.max(1, lines));
  return SIZES.findLast((size) => size <= wanted) ?? (SIZES[0] as number);
}
