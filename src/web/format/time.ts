/**
 * Times and durations for people.
 *
 * @module
 */

import { language } from "../state/language.ts";
import { COMMON } from "../text/common.ts";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;

/** How long ago, roughly. */
export function formatAgo(ms: number): string {
  if (ms < 2 * SECOND) return COMMON.agoNow();
  if (ms < MINUTE) return COMMON.agoSeconds();
  if (ms < HOUR) return COMMON.agoMinutes({ n: Math.floor(ms / MINUTE) });
  if (ms < DAY) return COMMON.agoHours({ n: Math.floor(ms / HOUR) });
  if (ms < MONTH) return COMMON.agoDays({ n: Math.floor(ms / DAY) });
  if (ms < YEAR) return COMMON.agoMonths({ n: Math.floor(ms / MONTH) });
  return COMMON.agoYears({ n: Math.floor(ms / YEAR) });
}

/** A time to the second, in the browser's zone. */
export function formatTime(ms: number): string {
  const locale = language.value === "zh" ? "zh-CN" : "en-GB";
  return new Date(ms).toLocaleString(locale, {
    dateStyle: "medium",
    timeStyle: "medium",
  });
}

/** A duration such as `3 m 36 s`. */
export function formatDuration(ms: number): string {
  if (ms < 0) return "–";
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < 10 * SECOND) return `${(ms / SECOND).toFixed(1)} s`;
  const units: readonly (readonly [number, string])[] = [
    [DAY, "d"],
    [HOUR, "h"],
    [MINUTE, "m"],
    [SECOND, "s"],
  ];
  const first = units.findIndex(([size]) => ms >= size);
  return units.slice(first, first + 2)
    .map(([size, name], i) => {
      const whole = i === 0 ? ms : ms % (units[first]?.[0] ?? ms);
      return `${Math.floor(whole / size)} ${name}`;
    }).join(" ");
}
