/**
 * What stands at the axes.
 *
 * @module
 */

import type { XAxis } from "../api/types.ts";
import { formatNumber } from "../format/number.ts";
import { formatDuration, formatTime } from "../format/time.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Distances between ticks of durations in milliseconds, as people divide time. */
export const DURATION_STEPS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map((n) => n * DAY),
];

const MAX_PLAIN = 1e6;
const MIN_PLAIN = 1e-4;

/**
 * The labels of ticks, just as exact as their distance asks for.
 *
 * @param ticks Where they are; null where a tick has no label.
 * @returns The labels.
 */
export function numberLabels(ticks: readonly (number | null)[]): string[] {
  const known = ticks.filter((tick) => tick !== null);
  const greatest = Math.max(...known.map(Math.abs));
  const distance = leastDistance(known);
  if (greatest >= MAX_PLAIN || greatest > 0 && greatest < MIN_PLAIN) {
    const digits = Math.max(0, magnitude(greatest) - magnitude(distance));
    return ticks.map((tick) => tick === null ? "" : exponential(tick, digits));
  }
  const digits = Math.max(0, -magnitude(distance));
  const scaled = distance * 10 ** digits;
  // One of 2.5 needs a digit more.
  const isHalf = Math.abs(scaled - Math.round(scaled)) > 1e-6;
  const decimals = Math.min(12, isHalf ? digits + 1 : digits);
  const isThousands = greatest >= 10_000 &&
    known.every((tick) => tick % 1000 === 0);
  return ticks.map((tick) => {
    if (tick === null) return "";
    if (tick === 0) return "0";
    return isThousands ? `${tick / 1000}k` : tick.toFixed(decimals);
  });
}

/** The labels of ticks of a logarithmic axis; those that are no multiples of powers of ten have none. */
export function logLabels(ticks: readonly (number | null)[]): string[] {
  return ticks.map((tick) => {
    if (tick === null) return "";
    const digit = tick / 10 ** magnitude(tick);
    if (Math.abs(digit - Math.round(digit)) > 1e-6) return "";
    const isPlain = tick >= 1e-3 && tick < 1e5;
    return isPlain ? String(Number(tick.toPrecision(3))) : exponential(tick, 0);
  });
}

/** The labels of ticks of times; the day is named where it begins or first appears. */
export function timeLabels(ticks: readonly (number | null)[]): string[] {
  const known = ticks.filter((tick) => tick !== null);
  const distance = leastDistance(known);
  let lastDay = "";
  return ticks.map((tick) => {
    if (tick === null) return "";
    const date = new Date(tick);
    const pad = (n: number): string => String(n).padStart(2, "0");
    const day = `${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
    if (distance >= DAY) return day;
    const minute = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
    const time = distance >= MINUTE
      ? minute
      : distance >= SECOND
      ? `${minute}:${pad(date.getSeconds())}`
      : `${pad(date.getSeconds())}.${
        String(date.getMilliseconds()).padStart(3, "0")
      }`;
    if (day === lastDay) return time;
    lastDay = day;
    return `${time}\n${day}`;
  });
}

/** The labels of ticks of durations. */
export function durationLabels(ticks: readonly (number | null)[]): string[] {
  return ticks.map((tick) => {
    if (tick === null) return "";
    if (tick === 0) return "0";
    const sign = tick < 0 ? "−" : "";
    const value = Math.abs(tick);
    if (value < SECOND) return `${sign}${Math.round(value)} ms`;
    return sign + formatDuration(value).replace(/\.0 s$/, " s")
      .replace(/ 0 \w+$/, "");
  });
}

/** A place on the x axis, for people. */
export function formatX(x: number, axis: XAxis): string {
  if (axis === "time") return formatTime(x);
  if (axis === "relative") {
    return x < 0 ? `−${formatDuration(-x)}` : formatDuration(x);
  }
  return formatNumber(
    axis === "step" ? Math.round(x) : Math.round(x * 100) / 100,
  );
}

function leastDistance(ticks: readonly number[]): number {
  let least = Infinity;
  for (let i = 1; i < ticks.length; i++) {
    least = Math.min(least, (ticks[i] as number) - (ticks[i - 1] as number));
  }
  return Number.isFinite(least) ? least : Math.abs(ticks[0] ?? 1) || 1;
}

/** The power of ten of the first digit, where rounding errors do not count. */
function magnitude(value: number): number {
  return value > 0 ? Math.floor(Math.log10(value) + 1e-9) : 0;
}

function exponential(value: number, digits: number): string {
  if (value === 0) return "0";
  return value.toExponential(Math.min(6, digits)).replace("e+", "e");
}
