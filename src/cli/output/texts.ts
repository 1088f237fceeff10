/**
 * Times, durations and numbers for people.
 *
 * @module
 */

/**
 * A time in the local time zone.
 *
 * @param timestamp RFC 3339, or null where it is not known.
 * @returns Such as `2026-11-23 16:21:28`; empty where it is not known.
 */
export function timeText(timestamp: string | null): string {
  if (timestamp === null) return "";
  const date = new Date(timestamp);
  if (Number.isNaN(date.getTime())) return timestamp;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${
    two(date.getDate())
  } ${two(date.getHours())}:${two(date.getMinutes())}:${
    two(date.getSeconds())
  }`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/**
 * A duration.
 *
 * @param ms Milliseconds, or null where it is not known.
 * @returns Such as `1.5s`, `2m 05s`, `3h 07m` or `2d 04h`; empty where it is not known.
 */
export function durationText(ms: number | null): string {
  if (ms === null) return "";
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m ${two(whole % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${two(minutes % 60)}m`;
  return `${Math.floor(hours / 24)}d ${two(hours % 24)}h`;
}

/**
 * A number in few characters.
 *
 * @param value The number.
 * @param digits How many digits count. Default: 5.
 * @returns Such as `0.31`, `12346`, `1.2e-7` or `NaN`.
 */
export function numberText(value: number, digits = 5): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e9) return String(value);
  if (size >= 1e9 || size < 1e-4) {
    return value.toExponential(digits - 1).replace(/\.?0+e/, "e")
      .replace("e+", "e");
  }
  if (size >= 10 ** (digits - 1)) return value.toFixed(0);
  const text = value.toPrecision(digits);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
