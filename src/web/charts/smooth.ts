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
 * @param options How strong, from 0 (not at all) to below 1, and how long the whole axis is.
 * @returns A value for each bucket; NaN where it has none.
 */
export function smooth(
  curve: Curve,
  options: { readonly weight: number; readonly range: number },
): Float64Array {
  const { mean } = curve.columns;
  const weight = Math.min(Math.sqrt(options.weight), 0.999);
  const scale = options.range > 0 ? PARTS / options.range : 0;
  const result = new Float64Array(curve.length);
  let sum = 0;
  let weights = 0;
  let last = NaN;
  for (let row = 0; row < curve.length; row++) {
    const y = mean[row] as number;
    if (Number.isNaN(y)) {
      result[row] = NaN;
      continue;
    }
    const x = curve.center(row);
    const distance = scale === 0 ? 1 : Math.abs(x - last) * scale;
    const kept = Number.isNaN(last) ? 0 : weight ** distance;
    // The sum is kept as a mean, so that it cannot overflow.
    const total = weights * kept + 1;
    sum = sum * (1 - 1 / total) + y / total;
    weights = total;
    last = x;
    result[row] = sum;
  }
  return result;
}
