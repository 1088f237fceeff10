/**
 * Scalars as PyYAML 6 writes and reads them (YAML 1.1), without folding long lines.
 *
 * @module
 */

import type { YamlScalar } from "./yaml_value.ts";

const BOOL =
  /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const NULL = /^(?:~|null|Null|NULL|)$/;
const INT =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/;

/** What any text that is not a string when plain begins with; the empty text apart. */
const MAY_BE_SPECIAL = /^[-+0-9.yYnNtTfFoO~<=]/;

/**
 * Reads a plain (unquoted) scalar by PyYAML's `safe_load` rules.
 *
 * Where `safe_load` makes a date, the text itself is returned, for there is no such value in a document here; where it
 * fails (`=`, a lone `<<`, `0x_`), the text is returned too.
 *
 * @param text The scalar's text.
 * @returns The value; integers beyond 2^53 as `bigint`.
 */
export function resolvePlain(text: string): YamlScalar {
  if (text === "") return null;
  if (!MAY_BE_SPECIAL.test(text)) return text;
  if (BOOL.test(text)) return /^(?:y|t|on)/i.test(text);
  if (NULL.test(text)) return null;
  if (FLOAT.test(text)) return readFloat(text);
  if (INT.test(text)) return readInt(text);
  return text;
}

function readFloat(text: string): number {
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "").toLowerCase();
  const sign = text.startsWith("-") ? -1 : 1;
  if (digits === ".inf") return sign * Infinity;
  if (digits === ".nan") return NaN;
  // Base 60, summed up from the end as Python does it.
  return sign *
    digits.split(":").reverse()
      .reduce((sum, part, place) => sum + Number(part) * 60 ** place, 0);
}

function readInt(text: string): number | bigint | string {
  const digits = text.replaceAll("_", "").replace(/^[-+]/, "");
  if (digits === "0b" || digits === "0x") return text;
  let value: bigint;
  if (digits.includes(":")) {
    value = digits.split(":").reduce(
      (sum, part) => sum * 60n + BigInt(part),
      0n,
    );
  } else if (/^0[0-7]+$/.test(digits)) {
    value = BigInt(`0o${digits}`);
  } else {
    value = BigInt(digits);
  }
  if (text.startsWith("-")) value = -value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/**
 * Writes a number in YAML's float form, as PyYAML writes a Python float: `1.0`, `0.1`, `1.0e-07`, `.nan`.
 *
 * @param value Any number.
 * @returns The scalar.
 */
export function formatFloat(value: number): string {
  const size = Math.abs(value);
  if (size < 1e16 && size >= 1e-4) {
    return Number.isInteger(value) ? `${value}.0` : `${value}`;
  }
  return formatExtremeFloat(value);
}

/** The numbers that Python writes with an exponent, zero, and those that are no numbers. */
function formatExtremeFloat(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (Number.isNaN(value)) return ".nan";
  if (value === Infinity) return ".inf";
  if (value === -Infinity) return "-.inf";
  const text = value.toExponential();
  // Learning rates come this way with every log(), so this does no more than needed.
  const wide = text.at(-3) === "e"
    ? `${text.slice(0, -1)}0${text.slice(-1)}`
    : text;
  return wide.includes(".") ? wide : wide.replace("e", ".0e");
}

/**
 * Writes a number: safe integers as a YAML int, all others (and negative zero) as a float.
 *
 * @param value Any number.
 * @returns The scalar.
 */
export function formatNumber(value: number): string {
  return Number.isSafeInteger(value) && !Object.is(value, -0)
    ? String(value)
    : formatFloat(value);
}

/**
 * Writes any scalar in the style that PyYAML chooses for it.
 *
 * @param value The scalar.
 * @param indent The column at which the lines of a string with line breaks go on.
 * @returns The scalar's text; its lines after the first begin with `indent` spaces.
 */
export function formatScalar(value: YamlScalar, indent: number): string {
  switch (typeof value) {
    case "string":
      return formatString(value, indent);
    case "number":
      return formatNumber(value);
    default:
      return String(value);
  }
}

/** What a plain string must not begin with, end with or contain. */
const NOT_PLAIN =
  /^(?:---|\.\.\.|[ #,[\]{}&*!|>'"%@`]|[-?](?: |$))|:(?: |$)| #| $|\n/;
const NEEDS_ESCAPES = /[^\n\x20-\x7e]| \n|\n /;

function formatString(text: string, indent: number): string {
  if (NEEDS_ESCAPES.test(text)) return doubleQuoted(text);
  if (!NOT_PLAIN.test(text) && isStringWhenPlain(text)) return text;
  const lines = text.replaceAll("'", "''")
    .replace(/\n+/g, (breaks) => `\n${breaks}${" ".repeat(indent)}`);
  return `'${lines}'`;
}

function isStringWhenPlain(text: string): boolean {
  if (text === "") return false;
  if (!MAY_BE_SPECIAL.test(text)) return true;
  return !(BOOL.test(text) || NULL.test(text) || INT.test(text) ||
    FLOAT.test(text) || TIMESTAMP.test(text) || text === "=" || text === "<<");
}

const ESCAPES: Readonly<Record<string, string>> = {
  "\0": "\\0",
  "\x07": "\\a",
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\v": "\\v",
  "\f": "\\f",
  "\r": "\\r",
  "\x1b": "\\e",
  '"': '\\"',
  "\\": "\\\\",
  "\x85": "\\N",
  "\xa0": "\\_",
  "\u2028": "\\L",
  "\u2029": "\\P",
};

function doubleQuoted(text: string): string {
  const escaped = text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const hex = code.toString(16).toUpperCase();
    return ESCAPES[char] ??
      (code <= 0xff
        ? `\\x${hex.padStart(2, "0")}`
        : code <= 0xffff
        ? `\\u${hex.padStart(4, "0")}`
        : `\\U${hex.padStart(8, "0")}`);
  });
  return `"${escaped}"`;
}

/** PyYAML's limit for a key on one line: its text and its tag (`!!str`, …) together. */
const MAX_KEY_AND_TAG_CHARS = 127;

/**
 * Writes a map's key with all that stands before its value's space: `loss:`, `"\u5B66":`, or, for a key that PyYAML does
 * not write on one line, `? <key>`, a line break, and `:`.
 *
 * @param key The key.
 * @param indent The column of the map.
 * @returns The text, without the indentation of its first line.
 */
export function formatKey(key: YamlScalar, indent = 0): string {
  const text = formatScalar(key, indent + 2);
  return isOneLineKey(key, text)
    ? `${text}:`
    : `? ${text}\n${" ".repeat(indent)}:`;
}

function isOneLineKey(key: YamlScalar, text: string): boolean {
  if (typeof key === "string") {
    return key !== "" && !/[\n\x85\u2028\u2029]/.test(key) &&
      (key.length < 61 ||
        [...key].length + "!!str".length <= MAX_KEY_AND_TAG_CHARS);
  }
  const tag = typeof key === "bigint" || /^-?[0-9]+$/.test(text)
    ? "!!int"
    : typeof key === "number"
    ? "!!float"
    : "!!bool";
  return text.length + tag.length <= MAX_KEY_AND_TAG_CHARS;
}
