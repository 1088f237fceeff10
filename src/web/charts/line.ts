/**
 * The lines of a chart.
 *
 * @module
 */

import type { Curve } from "./curve.ts";
import { smooth } from "./smooth.ts";

/** A line of a chart: a metric of one type of one run. */
export interface ChartLine {
  /** The series. */
  readonly key: string;
  /** The run's id. */
  readonly node: string;
  readonly run: string;
  readonly type: string;
  readonly color: string;
  /** Lengths of strokes and gaps; none for a line without gaps. */
  readonly dash: readonly number[];
  readonly curve: Curve;
  /** Smoothed values; undefined where nothing is smoothed. */
  readonly smoothed: Float64Array | undefined;
  /** Whether the range of values is drawn as an area; otherwise the line goes through the extremes. */
  readonly hasBand: boolean;
}

/** More lines than this have no areas, which would hide one another. */
export const MAX_BANDS = 8;

/** The value of a line at a row: what the line shows. */
export function valueAt({ curve, smoothed }: ChartLine, row: number): number {
  return (smoothed ?? curve.columns.mean)[row] as number;
}

/** How the types of a metric are told apart where colours tell runs apart. */
export const DASHES: readonly (readonly number[])[] = [
  [],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
];

/** Keeps smoothed values as long as their curve does not change. */
export class Smoother {
  readonly #known = new WeakMap<
    Curve,
    { readonly name: string; readonly values: Float64Array }
  >();

  /** Smooths a curve; undefined for a weight of 0. */
  smoothed(
    curve: Curve,
    options: { readonly weight: number; readonly range: number },
  ): Float64Array | undefined {
    if (options.weight === 0) return undefined;
    const name = `${curve.version} ${options.weight} ${options.range}`;
    const known = this.#known.get(curve);
    if (known?.name === name) return known.values;
    const values = smooth(curve, options);
    this.#known.set(curve, { name, values });
    return values;
  }
}
