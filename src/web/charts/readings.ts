/**
 * What the lines of a chart say at a place of the axis.
 *
 * @module
 */

import { type ChartLine, valueAt } from "./line.ts";
import { nearestRow } from "./nearest.ts";
import type { Extent } from "./scale.ts";

/** What a line says. */
export interface Reading {
  readonly line: ChartLine;
  readonly row: number;
  /** The value that the line shows; NaN where it is no finite number. */
  readonly value: number;
}

/** How far beyond its ends a line still says something, as a part of what is seen. */
const MARGIN = 0.02;

/**
 * Reads lines.
 *
 * @param lines The lines.
 * @param x The place.
 * @param seen What of the axis is seen.
 * @returns What those say that reach there.
 */
export function readLines(
  lines: readonly ChartLine[],
  x: number,
  seen: Extent,
): Reading[] {
  const margin = (seen.max - seen.min) * MARGIN;
  return lines.flatMap((line) => {
    const { curve } = line;
    const row = nearestRow(curve, x);
    if (row === undefined) return [];
    if (curve.isSorted) {
      const { x0, x1 } = curve.columns;
      const isBeyond = x < (x0[0] as number) - margin ||
        x > (x1[curve.length - 1] as number) + margin;
      if (isBeyond) return [];
    }
    return [{ line, row, value: valueAt(line, row) }];
  });
}

/** What of many readings is shown. */
export interface Chosen {
  /** The greatest value first; what has none is last. */
  readonly shown: readonly Reading[];
  /** The one that is pointed at. */
  readonly nearest: Reading | undefined;
  /** How many are left out. */
  readonly left: number;
}

/**
 * Chooses the readings that are nearest to where somebody points.
 *
 * @param readings All.
 * @param options How far each is away, in pixels (NaN: it is nowhere), and how many are shown.
 * @returns What is shown.
 */
export function chooseNearest(
  readings: readonly Reading[],
  options: {
    readonly distance: (reading: Reading) => number;
    readonly limit: number;
  },
): Chosen {
  const ranked = readings.map((reading) => {
    const distance = options.distance(reading);
    return {
      reading,
      distance: Number.isNaN(distance) ? Infinity : distance,
    };
  }).sort((a, b) => a.distance - b.distance || 0);
  const [first] = ranked;
  const order = (value: number): number =>
    Number.isNaN(value) ? -Infinity : value;
  const shown = ranked.slice(0, options.limit).map(({ reading }) => reading)
    .sort((a, b) =>
      order(a.value) === order(b.value)
        ? 0
        : order(b.value) > order(a.value)
        ? 1
        : -1
    );
  return {
    shown,
    nearest: first !== undefined && first.distance < Infinity
      ? first.reading
      : undefined,
    left: ranked.length - shown.length,
  };
}
