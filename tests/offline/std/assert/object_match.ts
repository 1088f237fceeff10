import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";
import { difference, suffix } from "./format.ts";

/** Fails unless `actual` has what `expected` has, at every depth. */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  const there = common(actual, expected, new Map());
  const wanted = common(expected, expected, new Map());
  if (equal(there, wanted)) return;
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\n${difference(there, wanted)}`,
  );
}

/** The part of `actual` that `expected` speaks of, as plain values. */
function common(
  actual: unknown,
  expected: unknown,
  seen: Map<unknown, unknown>,
): unknown {
  if (!isMatched(actual) || !isMatched(expected)) return actual;
  if (seen.has(actual)) return seen.get(actual);
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const list: unknown[] = [];
    seen.set(actual, list);
    const length = Math.min(actual.length, expected.length);
    for (let i = 0; i < length; i++) {
      list.push(common(actual[i], expected[i], seen));
    }
    return list;
  }
  if (actual instanceof Map && expected instanceof Map) {
    const map = new Map<unknown, unknown>();
    seen.set(actual, map);
    for (const [key, value] of actual) {
      if (expected.has(key)) {
        map.set(key, common(value, expected.get(key), seen));
      }
    }
    return map;
  }
  if (actual instanceof Set && expected instanceof Set) {
    return actual.intersection(expected);
  }
  const part: Record<PropertyKey, unknown> = {};
  seen.set(actual, part);
  for (const key of Reflect.ownKeys(expected)) {
    if (!Object.hasOwn(actual, key)) continue;
    const value = Reflect.get(actual, key);
    part[key] = common(value, Reflect.get(expected, key), seen);
  }
  return part;
}

function isMatched(value: unknown): value is object {
  return typeof value === "object" && value !== null &&
    !(value instanceof Date) && !(value instanceof RegExp);
}
