/**
 * Values of runs: what they are as numbers, and how they differ.
 *
 * @module
 */

import type { Scalar } from "../../api/types.ts";
import { formatNumber } from "../../format/number.ts";

/** A value of a run; undefined where the run does not have it, which `null` is not. */
export type Cell = Scalar | undefined;

const NOT_FINITE: Readonly<Record<string, number>> = {
  NaN: NaN,
  Infinity: Infinity,
  "-Infinity": -Infinity,
};

/** The finite number that a value is; undefined where it is none. */
export function toNumber(cell: Cell): number | undefined {
  return typeof cell === "number" && Number.isFinite(cell) ? cell : undefined;
}

/** Whether a value stands for a number that is not finite. */
export function isNotFinite(cell: Cell): boolean {
  return typeof cell === "string" && Object.hasOwn(NOT_FINITE, cell);
}

/** A value as a person reads it. */
export function cellText(cell: Cell): string {
  if (cell === undefined) return "–";
  if (cell === null) return "null";
  if (typeof cell === "number") return formatNumber(cell);
  const number = isNotFinite(cell) ? NOT_FINITE[String(cell)] : undefined;
  return number === undefined ? String(cell) : formatNumber(number);
}

/** By how much a number differs from the baseline's, such as `+0.009`; undefined where there is nothing to say. */
export function deltaText(cell: Cell, base: Cell): string | undefined {
  const value = toNumber(cell);
  const from = toNumber(base);
  if (value === undefined || from === undefined || value === from) {
    return undefined;
  }
  const delta = value - from;
  const sign = delta > 0 ? "+" : "−";
  return `${sign}${formatNumber(Math.abs(delta))}`;
}

/** The same as a share of the baseline's, such as `+12 %`. */
export function shareText(cell: Cell, base: Cell): string | undefined {
  const value = toNumber(cell);
  const from = toNumber(base);
  if (value === undefined || !from || value === from) return undefined;
  const share = 100 * (value - from) / Math.abs(from);
  const sign = share > 0 ? "+" : "−";
  return `${sign}${Number(Math.abs(share).toPrecision(3))} %`;
}
