import { createClock, formatTimestamp } from "./timestamp.ts";
import { formatFloat, formatKey, formatNumber } from "./yaml_scalars.ts";

/**
 * Writes one record as one item of a metrics file.
 *
 * @param values The metrics by name; every value is written as a float.
 * @param step The step.
 * @param epoch The epoch, or null.
 * @returns The item's lines in UTF-8, with a final line break: a view of memory that the next call writes over.
 */
export type RecordEncoder = (
  values: Readonly<Record<string, number>>,
  step: number,
  epoch: number | null,
) => Uint8Array;

/** How many names, and how many views, an encoder keeps before it starts anew. */
const MAX_KEPT = 4096;
/** The column of the metrics' names within an item. */
const NAME_INDENT = 4;
/** More than any number takes: the longest double has 24 characters. */
const NUMBER_BYTES = 32;
/** More than everything takes that is neither a name nor a number. */
const FRAME_BYTES = 256;

const utf8 = new TextEncoder();
const ITEM = utf8.encode("- value:");
const NO_VALUES = utf8.encode(" {}");
const SEQUENCE = utf8.encode("\n  sequence:\n    epoch: ");
const NULL = utf8.encode("null");
const STEP = utf8.encode("\n    step: ");
const NO_BYTES = new Uint8Array();
const MICROS_PER_SECOND = 1_000_000;
const FRACTION_DIGITS = 6;
const POINT = 46;
const DIGIT_0 = 48;

/**
 * Makes an encoder of metric records, which remembers how the names that it has seen are written.
 *
 * This is the hot path of `log()`: it writes bytes into one buffer, because joining strings and encoding the result
 * takes longer than everything else together.
 *
 * @param clock Returns milliseconds since 1970-01-01T00:00:00Z, with a fraction. Default: the system's clock in
 * microseconds.
 * @returns The encoder.
 */
export function createRecordEncoder(
  clock: () => number = createClock(),
): RecordEncoder {
  const names = new Map<string, Uint8Array>();
  const time = createTimeWriter(clock);
  let buffer = new Uint8Array(1024);
  let views: Uint8Array[] = [];

  function nameBytes(name: string): Uint8Array {
    const known = names.get(name);
    if (known !== undefined) return known;
    if (names.size >= MAX_KEPT) names.clear();
    const indent = " ".repeat(NAME_INDENT);
    const bytes = utf8.encode(`\n${indent}${formatKey(name, NAME_INDENT)} `);
    names.set(name, bytes);
    return bytes;
  }

  function grow(bytes: number): void {
    const larger = new Uint8Array(bytes * 2);
    larger.set(buffer);
    buffer = larger;
    views = [];
  }

  return (values, step, epoch) => {
    let at = copy(ITEM, buffer, 0);
    for (const name in values) {
      const value = values[name];
      if (value === undefined) continue;
      const bytes = nameBytes(name);
      const needed = at + bytes.length + NUMBER_BYTES + FRAME_BYTES;
      if (needed > buffer.length) grow(needed);
      at = ascii(formatFloat(value), buffer, copy(bytes, buffer, at));
    }
    if (at === ITEM.length) at = copy(NO_VALUES, buffer, at);
    at = copy(SEQUENCE, buffer, at);
    at = epoch === null
      ? copy(NULL, buffer, at)
      : ascii(formatNumber(epoch), buffer, at);
    at = ascii(formatNumber(step), buffer, copy(STEP, buffer, at));
    at = time(buffer, at);
    if (at >= MAX_KEPT) return buffer.subarray(0, at);
    return views[at] ??= buffer.subarray(0, at);
  };
}

/** For a few bytes a loop is faster than `set`. */
function copy(source: Uint8Array, target: Uint8Array, at: number): number {
  const { length } = source;
  for (let i = 0; i < length; i++) target[at + i] = source[i] as number;
  return at + length;
}

function ascii(text: string, target: Uint8Array, at: number): number {
  const { length } = text;
  for (let i = 0; i < length; i++) target[at + i] = text.charCodeAt(i);
  return at + length;
}

/** Writes the present time as the last line of an item; what is the same for all items of a second is kept. */
function createTimeWriter(
  clock: () => number,
): (target: Uint8Array, at: number) => number {
  let second = NaN;
  let head: Uint8Array = NO_BYTES;
  let tail: Uint8Array = NO_BYTES;
  return (target, at) => {
    const now = Math.round(clock() * 1000);
    const present = Math.floor(now / MICROS_PER_SECOND);
    if (present !== second) {
      second = present;
      const text = formatTimestamp(present * MICROS_PER_SECOND);
      const offsetAt = text.search(/[+-]\d\d:\d\d$/);
      head = utf8.encode(`\n    timestamp: '${text.slice(0, offsetAt)}`);
      tail = utf8.encode(`${text.slice(offsetAt)}'\n`);
    }
    at = copy(head, target, at);
    let micros = now - present * MICROS_PER_SECOND;
    if (micros > 0) {
      target[at++] = POINT;
      for (let digit = FRACTION_DIGITS - 1; digit >= 0; digit--) {
        const rest = Math.trunc(micros / 10);
        target[at + digit] = DIGIT_0 + micros - rest * 10;
        micros = rest;
      }
      at += FRACTION_DIGITS;
    }
    return copy(tail, target, at);
  };
}
