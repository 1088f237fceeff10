/**
 * Numbers and sizes for people.
 *
 * @module
 */

import type { Scalar } from "../api/types.ts";

const DIGITS = 5;

/** A number with about five digits, as JavaScript writes it. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
  }
  if (Number.isInteger(value) && Math.abs(value) < 1e9) return String(value);
  const rounded = Number(value.toPrecision(DIGITS));
  // The largest numbers would be rounded up to what they are not.
  return String(Number.isFinite(rounded) ? rounded : value);
}

/** A single value of a table or a document. */
export function formatScalar(value: Scalar | undefined): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "number") return formatNumber(value);
  return String(value);
}

const UNITS = ["B", "KiB", "MiB", "GiB", "TiB"];

/** A size in bytes, such as `368.3 KiB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}
