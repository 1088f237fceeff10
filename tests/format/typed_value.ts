import type { YamlValue } from "../../src/format/yaml_writer.ts";

/**
 * A value with Python's types kept apart, as the fixtures hold it: `{"i": "1"}` is an int, `{"f": "1.0"}` a float,
 * `{"m": [[key, value], ...]}` a map in order.
 */
export type Typed =
  | null
  | boolean
  | string
  | readonly Typed[]
  | { readonly i: string }
  | { readonly f: string }
  | { readonly m: readonly (readonly [Typed, Typed])[] };

/** The value as this package holds it, with maps as `Map`. */
export function fromTyped(typed: Typed): YamlValue {
  if (typed === null || typeof typed !== "object") return typed;
  if (isList(typed)) return typed.map(fromTyped);
  if ("i" in typed) {
    const number = Number(typed.i);
    return Number.isSafeInteger(number) ? number : BigInt(typed.i);
  }
  if ("f" in typed) return readFloat(typed.f);
  return new Map(
    typed.m.map(([key, value]) => [fromTyped(key), fromTyped(value)] as const),
  );
}

function isList(typed: object): typed is readonly Typed[] {
  return Array.isArray(typed);
}

function readFloat(repr: string): number {
  if (repr === "inf") return Infinity;
  if (repr === "-inf") return -Infinity;
  return Number(repr);
}

/** Whether a value holds a float without a fraction, which JavaScript cannot tell from an int. */
export function hasIntegralFloat(typed: Typed): boolean {
  if (typed === null || typeof typed !== "object") return false;
  if (isList(typed)) return typed.some(hasIntegralFloat);
  if ("i" in typed) return false;
  if ("f" in typed) {
    const number = readFloat(typed.f);
    return Number.isSafeInteger(number) && !Object.is(number, -0);
  }
  return typed.m.flat().some(hasIntegralFloat);
}

/** A text that is equal for equal values only: NaN equals itself, -0 is not 0, the order of keys and bigint count. */
export function fingerprint(value: unknown): string {
  if (typeof value === "number") {
    return Object.is(value, -0) ? "-0" : String(value);
  }
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `[${value.map(fingerprint).join(", ")}]`;
  if (value instanceof Map) return entries([...value]);
  if (typeof value === "object" && value !== null) {
    return entries(Object.entries(value));
  }
  return value === undefined ? "undefined" : JSON.stringify(value);
}

function entries(pairs: readonly (readonly [unknown, unknown])[]): string {
  const lines = pairs.map(([key, value]) =>
    `${fingerprint(key)}: ${fingerprint(value)}`
  );
  return `{${lines.join(", ")}}`;
}
