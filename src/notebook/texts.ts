/**
 * Short texts for what is shown.
 *
 * @module
 */

import type { TrueLife } from "../reading/node_entry.ts";
import type { YamlValue } from "../format/yaml_value.ts";
import { valueText } from "../reading/flat_values.ts";

/**
 * Cuts a text that is too long to be shown.
 *
 * @param text The text.
 * @param most How many characters are shown.
 * @returns The text, with `…` at its end where it was cut.
 */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

const DIGITS = 5;

/**
 * A number for people.
 *
 * @param value The number.
 * @returns About five digits of it; whole numbers in full.
 */
export function shownNumber(value: number): string {
  const isWhole = Number.isInteger(value) && Math.abs(value) < 1e9;
  const rounded = isWhole ? value : Number(value.toPrecision(DIGITS));
  // The largest numbers would be rounded up to what they are not.
  return String(Number.isFinite(rounded) ? rounded : value);
}

const LONGEST_VALUE = 120;

/**
 * A value for people.
 *
 * @param value The value; undefined where there is none.
 * @returns The text.
 */
export function shownValue(value: YamlValue | undefined): string {
  if (value === undefined) return "–";
  if (typeof value === "number") return shownNumber(value);
  return cut(valueText(value), LONGEST_VALUE);
}

/**
 * How a run is.
 *
 * @param life What is true of it.
 * @returns Such as `Running`, `Error (killed)` or `unreadable`.
 */
export function statusWord(
  { status, state }: Pick<TrueLife, "status" | "state">,
): string {
  if (status === null) return "unreadable";
  return state === "killed" || state === "quiet"
    ? `${status} (${state})`
    : status;
}

const HOUR_S = 3600;

const durations = new Intl.DurationFormat("en", { style: "narrow" });

/**
 * How long something took.
 *
 * @param ms Milliseconds; null where that is not known.
 * @returns Such as `0.4s`, `12m 5s` or `3h 7m`; empty where it is not known.
 */
export function tookText(ms: number | null): string {
  if (ms === null) return "";
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)}s`;
  const seconds = Math.round(ms / 1000);
  const { hours, minutes } = {
    hours: Math.floor(seconds / HOUR_S),
    minutes: Math.floor(seconds / 60) % 60,
  };
  return durations.format(
    hours > 0 ? { hours, minutes } : { minutes, seconds: seconds % 60 },
  );
}

/**
 * A number of things.
 *
 * @param number How many.
 * @param thing What they are, one of them.
 * @returns Such as `1 metric` or `3 metrics`.
 */
export function howMany(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? "" : "s"}`;
}
