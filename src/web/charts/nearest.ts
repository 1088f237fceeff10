/**
 * Finding points.
 *
 * @module
 */

import type { Curve } from "./curve.ts";

/**
 * Finds the bucket that is nearest to a place on the axis.
 *
 * @param curve The curve.
 * @param x The place.
 * @returns The bucket's row; undefined where there is none.
 */
export function nearestRow(curve: Curve, x: number): number | undefined {
  if (curve.length === 0) return undefined;
  if (!curve.isSorted) return scan(curve, x);
  const right = firstRowFrom(curve, x);
  if (right === 0) return 0;
  if (right === curve.length) return right - 1;
  const isLeft = x - curve.center(right - 1) <= curve.center(right) - x;
  return isLeft ? right - 1 : right;
}

/** The first row of a sorted curve whose middle is not before a place; its length where there is none. */
export function firstRowFrom(curve: Curve, x: number): number {
  let low = 0;
  let high = curve.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (curve.center(middle) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** An axis that goes back has to be looked through; of equals the last is the newest. */
function scan(curve: Curve, x: number): number {
  let best = 0;
  let distance = Infinity;
  for (let row = 0; row < curve.length; row++) {
    const now = Math.abs(curve.center(row) - x);
    if (now > distance) continue;
    best = row;
    distance = now;
  }
  return best;
}
