/**
 * Makes of any value one that JSON can carry: numbers that are not finite become `"NaN"`, `"Infinity"` and `"-Infinity"`,
 * and integers that are too long for a number become texts.
 *
 * @param value The value.
 * @returns The value for JSON.
 */
export function toJsonValue(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : String(value);
  }
  if (Array.isArray(value)) return value.map(toJsonValue);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, toJsonValue(item)]),
  );
}
