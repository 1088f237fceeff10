/**
 * Timestamps of records as numbers.
 *
 * @module
 */

/** Microseconds in a millisecond. */
export const MICROS_PER_MS = 1000;

const SECOND_END = 19;
const FRACTION_END = 26;
const POINT = 0x2e;
const DIGIT_0 = 0x30;

/**
 * Makes a reader of timestamps, which are quickly read where they follow one another closely.
 *
 * @returns A function from ISO 8601 to microseconds since 1970; NaN for what is no timestamp.
 */
export function createMicrosReader(): (text: string) => number {
  let second = "";
  let offset = "";
  let base = NaN;
  return (text) => {
    if (text.charCodeAt(SECOND_END) !== POINT) return readMicros(text);
    let fraction = 0;
    for (let index = SECOND_END + 1; index < FRACTION_END; index++) {
      const digit = text.charCodeAt(index) - DIGIT_0;
      if (!(digit >= 0 && digit <= 9)) return readMicros(text);
      fraction = fraction * 10 + digit;
    }
    const head = text.slice(0, SECOND_END);
    const tail = text.slice(FRACTION_END);
    if (head !== second || tail !== offset) {
      base = Date.parse(head + tail) * MICROS_PER_MS;
      second = head;
      offset = tail;
    }
    return base + fraction;
  };
}

/**
 * Reads a timestamp.
 *
 * @param text ISO 8601, with any number of decimals.
 * @returns Microseconds since 1970; NaN if it is none.
 */
export function readMicros(text: string): number {
  const [, head = text, fraction = "", tail = ""] =
    /^(.{19})(\.\d+)(.*)$/.exec(text) ?? [];
  return Date.parse(head + tail) * MICROS_PER_MS +
    Math.round(Number(`0${fraction}`) * 1e6);
}
