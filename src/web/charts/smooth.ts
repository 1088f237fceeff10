/**
 * Smoothing.
 *
 * @module
 */

import type { Curve } from "./curve.ts";

/** What smoothing is measured by: a weight holds for a thousandth of the axis. */
const PARTS = 1000;

/**
 * Smooths a curve with an exponential moving average that is weighted by the distance on the axis, so that dense and sparse
 * parts, and series with other distances, are smoothed alike. What is no finite number is left out.
 *
 * @param curve The curve.
 * @param options How strong, from 0 (not at all) to below 1, how long the whole axis is, and, where the curve is a part, the
 * whole: so that a part is smoothed by what is before it.
 * @returns A value for each bucket; NaN where it has none.
 */
export function smooth(
  curve: Curve,
  options: {
    readonly weight: number;
    readonly range: number;
    readonly whole?: Curve | undefined;
  },
): Float64Array {
  const weight = Math.min(Math.sqrt(options.weight), 0.999);
  const scale = options.range > 0 ? PARTS / options.range : 0;
  const result = new Float64Array(curve.length);
  let sum = 0;
  let weights = 0;
  let last = NaN;
  const add = (x: number, y: number): number => {
    if (Number.isNaN(y)) return NaN;
    const distance = scale === 0 ? 1 : Math.abs(x - last) * scale;
    const kept = Number.isNaN(last) ? 0 : weight ** distance;
    // The sum is kept as a mean, so that it cannot overflow.
    const total = weights * kept + 1;
    sum = sum * (1 - 1 / total) + y / total;
    weights = total;
    last = x;
    return sum;
  };
  const { whole } = options;
  const start = curve.columns.x0[0] as number;
  for (let row = 0; whole !== undefined && row < whole.length; row++) {
    if ((whole.columns.x1[row] as number) >= start) break;
    add(whole.center(row), whole.columns.mean[row] as number);
  }
  for (let row = 0; row < curve.length; row++) {
    result[row] = add(curve.center(row), curve.columns.mean[row] as number);
  }
  return result;
}
