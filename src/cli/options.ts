import { InvalidArgumentError } from "commander";
import { suggest } from "../config/suggest.ts";
import { UsageFailure } from "./failure.ts";

/**
 * Reads a TCP port.
 *
 * @param text What was typed.
 * @returns The port.
 * @throws {InvalidArgumentError} If it is none.
 */
export function parsePort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) {
    throw new InvalidArgumentError("It must be a whole number from 0 to 65535");
  }
  return port;
}

/**
 * Reads a number of days.
 *
 * @param text What was typed.
 * @returns The days.
 * @throws {InvalidArgumentError} If it is none.
 */
export function parseDays(text: string): number {
  if (!/^\d{1,5}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number of days");
  }
  return Number(text);
}

/**
 * Reads a number of things.
 *
 * @param text What was typed.
 * @returns The number.
 * @throws {InvalidArgumentError} If it is none.
 */
export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number from 1");
  }
  return Number(text);
}

/**
 * Reads a number that may be 0.
 *
 * @param text What was typed.
 * @returns The number.
 * @throws {InvalidArgumentError} If it is none.
 */
export function parseWhole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number");
  }
  return Number(text);
}

/** Reads an option that has a few allowed values. */
export interface ChoiceReader<T extends string> {
  /** Reads what was typed; throws an {@linkcode InvalidArgumentError} for any other value. */
  (text: string): T;
  /** The values. */
  readonly choices: readonly T[];
}

/**
 * Makes a reader of an option that has a few allowed values.
 *
 * @param allowed The values.
 * @returns The reader; it throws an {@linkcode InvalidArgumentError} for any other value.
 */
export function oneOf<T extends string>(
  allowed: readonly T[],
): ChoiceReader<T> {
  const read = (text: string) => {
    const found = allowed.find((value) => value === text);
    if (found !== undefined) return found;
    const near = suggest(text, allowed);
    const advice = near === undefined ? "" : ` (Did you mean ${near}?)`;
    throw new InvalidArgumentError(
      `It must be one of ${allowed.join(", ")}${advice}`,
    );
  };
  return Object.assign(read, { choices: allowed });
}

/**
 * Makes sure that an option was given. Commander's own required options are asked for before it looks whether one was
 * mistyped.
 *
 * @param value What was given.
 * @param option The option, such as `--host <url>`.
 * @returns What was given.
 * @throws {UsageFailure} If nothing was.
 */
export function given<T>(value: T | undefined, option: string): T {
  if (value !== undefined) return value;
  throw new UsageFailure(`required option '${option}' not specified`);
}
