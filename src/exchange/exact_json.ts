/**
 * Writes a value as JSON that says exactly what it is: `-0` stays `-0`, integers beyond 2^53 keep their digits, and NaN
 * and the infinities are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`.
 *
 * @param value Null, a boolean, number, bigint or string, or a list or map of such.
 * @returns The JSON, on one line.
 */
export function exactJson(value: unknown): string {
  if (typeof value === "number") return numberText(value);
  if (typeof value === "bigint") return String(value);
  if (Array.isArray(value)) return `[${value.map(exactJson).join(",")}]`;
  if (typeof value === "object" && value !== null) {
    const entries = value instanceof Map ? [...value] : Object.entries(value);
    return `{${
      entries.map(([key, item]) =>
        `${JSON.stringify(String(key))}:${exactJson(item)}`
      ).join(",")
    }}`;
  }
  return JSON.stringify(value ?? null);
}

/** The shortest digits that make the same double again. */
function numberText(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`;
  return Object.is(value, -0) ? "-0" : String(value);
}
