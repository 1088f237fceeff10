import { defineOwn } from "../format/define_own.ts";

/** A value that a hyperparameter can have: what YAML carries and both SDKs read alike. */
export type HparamValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | readonly HparamValue[]
  | { readonly [key: string]: HparamValue };

/** Hyperparameters of any shape. */
// deno-lint-ignore no-explicit-any -- the type of a run whose hyperparameters nobody described: any key, any value
export type AnyHparams = Record<string, any>;

/** A copy that belongs to the run and that the run may change. */
export type OwnValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | OwnValue[]
  | OwnMap;

/** The map form of an {@linkcode OwnValue}. */
export interface OwnMap {
  [key: string]: OwnValue;
}

/**
 * Copies a value so that later changes by its owner do not reach the run.
 *
 * @param value What a user passed in.
 * @param path Where it stands, such as `hparams.optimizer.lr`, for messages.
 * @returns The copy.
 * @throws {TypeError} If the value, or one inside it, is something that YAML cannot carry; the message names its path.
 */
export function copyHparam(value: unknown, path: string): OwnValue {
  return copy(value, path, []);
}

/**
 * Copies a map of hyperparameters.
 *
 * @param value What a user passed in.
 * @param path Where it stands, for messages.
 * @returns The copy.
 * @throws {TypeError} If it is no plain object, or holds something that YAML cannot carry.
 */
export function copyHparams(value: unknown, path: string): OwnMap {
  if (!isPlainObject(value)) {
    throw new TypeError(
      `Cannot take ${path}: it is ${
        describe(value)
      }, and must be a plain object`,
    );
  }
  return copy(value, path, []) as OwnMap;
}

function copy(
  value: unknown,
  path: string,
  parents: readonly object[],
): OwnValue {
  switch (typeof value) {
    case "boolean":
    case "number":
    case "bigint":
    case "string":
      return value;
  }
  if (value === null) return null;
  if (!Array.isArray(value) && !isPlainObject(value)) {
    throw new TypeError(
      `Cannot take ${path}: it is ${
        describe(value)
      }, which YAML cannot carry; ${advice(value)}`,
    );
  }
  if (parents.includes(value)) {
    throw new TypeError(`Cannot take ${path}: it contains itself`);
  }
  const within = [...parents, value];
  if (Array.isArray(value)) {
    return Array.from(
      value,
      (item, index) => copy(item, `${path}[${index}]`, within),
    );
  }
  const result: OwnMap = {};
  for (const key of Reflect.ownKeys(value)) {
    if (typeof key === "symbol") {
      throw new TypeError(
        `Cannot take ${path}: ${
          String(key)
        } is a symbol, and keys must be strings`,
      );
    }
    const item = copy(
      (value as Record<string, unknown>)[key],
      `${path}.${key}`,
      within,
    );
    defineOwn(result, key, item);
  }
  return result;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value);
  if (Array.isArray(value)) return "an array";
  if (typeof value !== "object") return `a ${typeof value}`;
  return `an instance of ${value.constructor?.name ?? "an unnamed class"}`;
}

function advice(value: unknown): string {
  if (value === undefined) return "pass null, or leave the key out";
  if (value instanceof Date) return "pass its toISOString()";
  if (value instanceof Map) return "pass Object.fromEntries(map)";
  if (value instanceof Set || ArrayBuffer.isView(value)) {
    return "pass Array.from(value)";
  }
  return "pass null, booleans, numbers, bigints, strings, arrays and plain objects";
}
