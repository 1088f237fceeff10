import { isDeepStrictEqual } from "node:util";

/**
 * Whether two values are equal in depth, by value. Like the original: `0` and
 * `-0` are equal, `NaN` equals itself, and a prototype of `null` is as good as
 * that of a plain object.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

function compare(a: unknown, b: unknown, seen: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError("Cannot compare WeakMap or WeakSet instances");
  }
  if (seen.get(a) === b) return true;
  if (prototypeOf(a) !== prototypeOf(b)) return false;
  seen.set(a, b);
  const next = (x: unknown, y: unknown) => compare(x, y, seen);
  if (a instanceof Map && b instanceof Map) return sameMap(a, b, next);
  if (a instanceof Set && b instanceof Set) return sameSet(a, b, next);
  if (isFloats(a) && isFloats(b)) {
    return a.length === b.length && a.every((x, i) => next(x, b[i]));
  }
  return hasOwnContent(a) ? sameKeys(a, b, next) : isDeepStrictEqual(a, b);
}

type Compare = (a: unknown, b: unknown) => boolean;

function sameKeys(a: object, b: object, next: Compare): boolean {
  const [inA, inB] = [Reflect.ownKeys(a), Reflect.ownKeys(b)];
  return inA.length === inB.length &&
    inA.every((key) =>
      Object.hasOwn(b, key) && next(Reflect.get(a, key), Reflect.get(b, key))
    );
}

function sameMap(
  a: Map<unknown, unknown>,
  b: Map<unknown, unknown>,
  next: Compare,
): boolean {
  return a.size === b.size &&
    [...a].every(([key, value]) =>
      b.has(key)
        ? next(value, b.get(key))
        : [...b].some(([k, v]) => isObject(k) && next(key, k) && next(value, v))
    );
}

function sameSet(
  a: Set<unknown>,
  b: Set<unknown>,
  next: Compare,
): boolean {
  return a.size === b.size &&
    [...a].every((value) =>
      b.has(value) ||
      [...b].some((other) => isObject(other) && next(value, other))
    );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function prototypeOf(value: object): object {
  return Object.getPrototypeOf(value) ?? Object.prototype;
}

function isFloats(value: object): value is Float64Array {
  return value instanceof Float64Array || value instanceof Float32Array;
}

/** Values that are known by their properties, unlike a Date or a URL. */
function hasOwnContent(value: object): boolean {
  return !(value instanceof Date || value instanceof RegExp ||
    value instanceof Error || value instanceof URL ||
    value instanceof URLSearchParams || value instanceof ArrayBuffer ||
    ArrayBuffer.isView(value) || value instanceof Boolean ||
    value instanceof Number || value instanceof String);
}
