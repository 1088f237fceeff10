/**
 * Scales: from values to places, and what of the values an axis shows.
 *
 * @module
 */

import type { Curve } from "./curve.ts";

/** What an axis shows. */
export interface Scale {
  readonly min: number;
  readonly max: number;
  readonly isLog: boolean;
}

/** Greater numbers cannot be subtracted from their opposites. */
const GREATEST = Number.MAX_VALUE / 4;
/** Smaller ones lose their digits. */
const LEAST = 1e-290;
const PAD = 0.05;

/**
 * A scale as a function.
 *
 * @param scale The scale.
 * @param from Where its least value stands.
 * @param to Where its greatest stands.
 * @returns Tells where a value stands; NaN for one that a logarithm does not have.
 */
export function placer(
  { min, max, isLog }: Scale,
  from: number,
  to: number,
): (value: number) => number {
  if (!isLog) {
    const factor = (to - from) / (max - min);
    return (value) => from + (value - min) * factor;
  }
  const low = Math.log10(min);
  const factor = (to - from) / (Math.log10(max) - low);
  return (value) => value > 0 ? from + (Math.log10(value) - low) * factor : NaN;
}

/** Widens a range by a little, or, where it is empty, so that it can be shown. */
export function paddedScale(
  low: number,
  high: number,
  options: { readonly isLog: boolean; readonly pad?: number },
): Scale {
  const { isLog, pad = PAD } = options;
  if (!(low <= high)) return { min: isLog ? 1 : 0, max: isLog ? 10 : 1, isLog };
  if (isLog) {
    const least = Math.min(Math.max(low, LEAST), GREATEST);
    const most = Math.min(Math.max(high, least), GREATEST);
    // The quotient itself may be too great for a number.
    const width = Math.log10(most) - Math.log10(least);
    const factor = least === most ? 2 : 10 ** (width * pad);
    return {
      min: least / factor,
      max: Math.min(most * factor, Number.MAX_VALUE / 2),
      isLog,
    };
  }
  const limit = (value: number): number =>
    Math.max(-GREATEST, Math.min(GREATEST, value));
  const min = limit(low);
  const max = limit(high);
  const size = Math.max(Math.abs(min), Math.abs(max));
  // Closer together, ticks between them have no digits of their own.
  const isOne = max - min <= Math.max(size * 1e-13, LEAST);
  const extra = !isOne ? (max - min) * pad : size > LEAST ? size * 0.1 : 0.5;
  return { min: min - extra, max: max + extra, isLog };
}

/** The least and the greatest of what curves have. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

/** From where to where curves go on the x axis; undefined where there is nothing. */
export function xExtent(
  curves: readonly Curve[],
  isLog: boolean,
): Extent | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const curve of curves) {
    const { x0, x1 } = curve.columns;
    if (curve.isSorted && !isLog && curve.length > 0) {
      min = Math.min(min, x0[0] as number);
      max = Math.max(max, x1[curve.length - 1] as number);
      continue;
    }
    for (let row = 0; row < curve.length; row++) {
      const low = x0[row] as number;
      if (!isLog || low > 0) min = Math.min(min, low);
      max = Math.max(max, x1[row] as number);
    }
  }
  return min <= max ? { min, max } : undefined;
}

/** The least and the greatest value of curves within a part of the x axis; of a logarithm, of what is above 0. */
export function yExtent(
  curves: readonly Curve[],
  x: Extent,
  isLog: boolean,
): Extent | undefined {
  let min = Infinity;
  let max = -Infinity;
  for (const curve of curves) {
    const { columns } = curve;
    for (let row = 0; row < curve.length; row++) {
      const isOutside = (columns.x1[row] as number) < x.min ||
        (columns.x0[row] as number) > x.max;
      if (isOutside) continue;
      const high = columns.max[row] as number;
      let low = columns.min[row] as number;
      if (isLog && low <= 0) {
        const mean = columns.mean[row] as number;
        low = mean > 0 ? mean : high;
      }
      if (isLog && !(low > 0)) continue;
      if (low < min) min = low;
      if (high > max) max = high;
    }
  }
  return min <= max ? { min, max } : undefined;
}

/** Which part of the values, at either end, may lie beyond an axis that leaves outliers out. */
const OUTLIERS = 0.02;
/** Outliers are left out only where everything would take more than so many times the room. */
const WORTH = 3;

/**
 * The values of curves but for the few that are far off, so that those do not press all others flat.
 *
 * @param curves The curves.
 * @param x The part of the x axis.
 * @param whole Their least and greatest value there.
 * @returns The range; `whole` where nothing is far off.
 */
export function commonExtent(
  curves: readonly Curve[],
  x: Extent,
  whole: Extent,
): Extent {
  const values: number[] = [];
  for (const { columns, length } of curves) {
    for (let row = 0; row < length; row++) {
      const isOutside = (columns.x1[row] as number) < x.min ||
        (columns.x0[row] as number) > x.max;
      const mean = columns.mean[row] as number;
      if (!isOutside && mean >= whole.min && mean <= whole.max) {
        values.push(mean);
      }
    }
  }
  const sorted = Float64Array.from(values).sort();
  const cut = Math.floor(sorted.length * OUTLIERS);
  const min = sorted[cut];
  const max = sorted[sorted.length - 1 - cut];
  if (min === undefined || max === undefined || !(min < max)) return whole;
  const isWorth = whole.max - whole.min > WORTH * (max - min);
  return isWorth ? { min, max } : whole;
}
