/**
 * Numbers in JSON: what is not finite is a text.
 *
 * @module
 */

/** A number as JSON carries it: `"NaN"`, `"Infinity"` and `"-Infinity"` are texts. */
export type JsonNumber = number | "NaN" | "Infinity" | "-Infinity";

/**
 * A value as JSON carries it.
 *
 * @param value The value.
 * @returns The number, or its name.
 */
export function jsonNumber(value: number): JsonNumber {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/**
 * A number that may be unknown.
 *
 * @param value The number; NaN stands for none.
 * @returns The number; null for none.
 */
export function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

/**
 * Values as JSON carries them.
 *
 * @param values The values.
 * @returns The numbers and names.
 */
export function jsonNumbers(values: Float64Array): JsonNumber[] {
  const plain: JsonNumber[] = Array.from(values);
  for (const [index, value] of values.entries()) {
    if (!Number.isFinite(value)) plain[index] = jsonNumber(value);
  }
  return plain;
}
