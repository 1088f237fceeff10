import nodeAssert from "node:assert";
import { inspect } from "node:util";

/** A value in words, for a message. */
export function format(value: unknown): string {
  return inspect(value, { depth: 20, sorted: true, breakLength: 80 });
}

/** How two values differ, line by line. */
export function difference(actual: unknown, expected: unknown): string {
  const operator = "deepStrictEqual";
  return new nodeAssert.AssertionError({ actual, expected, operator }).message;
}

/** What follows the fixed part of a message. */
export function suffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}
