/**
 * What documents of a run say, as a list of single facts.
 *
 * @module
 */

import { isYamlTable } from "../../format/yaml_reader.ts";
import type { YamlValue } from "../../format/yaml_value.ts";

/** What kind of value a fact has. A list is kept as JSON. */
export type FactType =
  | "number"
  | "boolean"
  | "string"
  | "null"
  | "list"
  | "map";

/** A fact: a value of a document, and the way to it. */
export interface Fact {
  /** The keys on the way, with dots between. */
  readonly path: string;
  /** What kind of value it is. */
  readonly type: FactType;
  /** The value of a number, or of a boolean as 0 or 1. */
  readonly num: number | null;
  /** The value as a text; that of a number only where `num` cannot carry it. */
  readonly text: string | null;
}

/** How many facts of one document are kept. */
export const MAX_FACTS = 2000;

const MAX_PATH_LENGTH = 512;
const MAX_TEXT_LENGTH = 10_000;

/**
 * Takes a document apart.
 *
 * @param document What was read, with maps as `Map`.
 * @returns Its facts, in order; of more than {@linkcode MAX_FACTS} the first.
 */
export function flatten(document: YamlValue): Fact[] {
  const facts = new Map<string, Fact>();
  const visit = (value: YamlValue, path: string): void => {
    if (facts.size >= MAX_FACTS || path.length > MAX_PATH_LENGTH) return;
    if (!isYamlTable(value) || (value.size === 0 && path !== "")) {
      facts.set(path, toFact(path, value));
      return;
    }
    for (const [key, item] of value) {
      visit(item, path === "" ? String(key) : `${path}.${key}`);
    }
  };
  if (isYamlTable(document)) visit(document, "");
  return [...facts.values()];
}

function toFact(path: string, value: YamlValue): Fact {
  if (value === null) return { path, type: "null", num: null, text: null };
  switch (typeof value) {
    case "boolean":
      return { path, type: "boolean", num: Number(value), text: null };
    case "bigint":
      return { path, type: "number", num: Number(value), text: String(value) };
    case "number":
      return {
        path,
        type: "number",
        num: Number.isNaN(value) ? null : value,
        text: Number.isFinite(value) ? null : String(value),
      };
    case "string":
      return { path, type: "string", num: null, text: cut(value) };
    default:
      return {
        path,
        type: isYamlTable(value) ? "map" : "list",
        num: null,
        text: cut(JSON.stringify(toJson(value))),
      };
  }
}

function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH
    ? text.slice(0, MAX_TEXT_LENGTH).toWellFormed()
    : text.toWellFormed();
}

/** A value that JSON can carry. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/**
 * What YAML says, as JSON: what is no finite number, and integers beyond 2^53, become texts.
 *
 * @param value What was read, with maps as `Map`.
 * @returns The same in JSON.
 */
export function toJson(value: YamlValue): JsonValue {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number" && !Number.isFinite(value)) {
    return String(value);
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (isYamlTable(value)) {
    return Object.fromEntries(
      [...value].map(([key, item]) => [String(key), toJson(item)]),
    );
  }
  return value as JsonValue;
}
