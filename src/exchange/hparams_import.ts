/**
 * Hyperparameters as other trackers keep them.
 *
 * @module
 */

import {
  copyHparam,
  type OwnMap,
  type OwnValue,
} from "../run/hparam_values.ts";
import { protoFields, protoFloats, protoText } from "./protobuf.ts";

/** What the infinities and NaN are called where JSON has no word for them. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
]);

/**
 * Finds the number that a word stands for where JSON has none.
 *
 * @param word The word.
 * @returns NaN or an infinity; undefined for any other word.
 */
export function nonFinite(word: string): number | undefined {
  return WORDS.get(word);
}

/**
 * Reads hyperparameters from the text that an export of this package writes: a block of JSON in Markdown.
 *
 * @param text The text.
 * @returns The hyperparameters; undefined if the text is something else.
 */
export function textToHparams(text: string): OwnMap | undefined {
  const json = /^```json\n(.*)\n```$/s.exec(text)?.[1];
  if (json === undefined) return undefined;
  const value = readJson(json);
  return isMap(value) ? value : undefined;
}

/**
 * Reads JSON, and with it Python's bare `NaN` and `Infinity`; those words as texts become the numbers.
 *
 * @param text The JSON.
 * @returns The value; undefined if it is no JSON.
 */
export function readJson(text: string): OwnValue | undefined {
  const bare = nonFinite(text);
  if (bare !== undefined) return bare;
  try {
    return copyHparam(JSON.parse(text, revive), "value");
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const quoted = text.replaceAll(
    /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g,
    (part) => part.startsWith('"') ? part : `"${part}"`,
  );
  try {
    return copyHparam(JSON.parse(quoted, revive), "value");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function revive(_key: string, value: unknown): unknown {
  return typeof value === "string" ? nonFinite(value) ?? value : value;
}

/**
 * Whether a value is a map.
 *
 * @param value The value.
 * @returns Whether it is.
 */
export function isMap(value: OwnValue | undefined): value is OwnMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Reads a parameter that was kept as a text: a number, `True`, `False` and `None` as Python writes them become values
 * again, everything else stays a text.
 *
 * @param text The text.
 * @returns The value.
 */
export function readParameter(text: string): OwnValue {
  if (text === "True") return true;
  if (text === "False") return false;
  if (text === "None") return null;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/.test(text)) return text;
  const number = Number(text);
  const isExact = /[.e]/.test(text) || Number.isSafeInteger(number);
  return isExact && Number.isFinite(number) ? number : text;
}

/**
 * Reads what TensorBoard's hyperparameter plugin keeps about the start of a session.
 *
 * @param bytes The plugin's message.
 * @returns The hyperparameters; none if the message is of another kind.
 * @throws {ProtoError} If it is no message.
 */
export function sessionHparams(bytes: Uint8Array): OwnMap {
  const found: [string, OwnValue][] = [];
  for (const start of protoFields(bytes)) {
    if (start.number !== 3) continue;
    for (const entry of protoFields(start.bytes)) {
      if (entry.number !== 1) continue;
      let key = "";
      let value: OwnValue = null;
      for (const part of protoFields(entry.bytes)) {
        if (part.number === 1) key = protoText(part);
        if (part.number === 2) value = structValue(part.bytes);
      }
      found.push([key, value]);
    }
  }
  return Object.fromEntries(found);
}

/** A scalar of `google.protobuf.Value`. */
function structValue(bytes: Uint8Array): OwnValue {
  for (const field of protoFields(bytes)) {
    if (field.number === 2) return protoFloats(field.bytes, 8)[0] ?? null;
    if (field.number === 3) return protoText(field);
    if (field.number === 4) return field.varint !== 0n;
  }
  return null;
}
