/**
 * Timestamps as both SDKs write them: local time, ISO 8601, with offset and microseconds.
 *
 * @module
 */

const MICROS_PER_SECOND = 1_000_000;

/**
 * Writes a point in time: `2026-11-23T16:21:28.475380+08:00`; without the fraction where the microseconds are 0, and with
 * `+00:00`, never `Z`, for UTC.
 *
 * @param epochMicros Microseconds since 1970-01-01T00:00:00Z. Default: now.
 * @returns The timestamp in the local time zone.
 */
export function formatTimestamp(epochMicros: number = nowMicros()): string {
  const second = Math.floor(epochMicros / MICROS_PER_SECOND);
  const micros = epochMicros - second * MICROS_PER_SECOND;
  const date = new Date(second * 1000);
  const offset = -date.getTimezoneOffset();
  const distance = Math.abs(offset);
  return `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-` +
    `${pad(date.getDate())}T${pad(date.getHours())}:` +
    `${pad(date.getMinutes())}:${pad(date.getSeconds())}` +
    (micros === 0 ? "" : `.${pad(micros, 6)}`) +
    `${offset < 0 ? "-" : "+"}${pad(Math.floor(distance / 60))}:` +
    pad(distance % 60);
}

function nowMicros(): number {
  return Math.round(systemClock() * 1000);
}

function pad(number: number, digits = 2): string {
  return String(number).padStart(digits, "0");
}

/** The two clocks that {@linkcode createClock} puts together. */
export interface ClockSources {
  /** Milliseconds with a fraction since any fixed point, never going back. Default: `performance.now`. */
  readonly monotonic?: () => number;
  /** What the monotonic clock's zero is, in milliseconds since 1970-01-01T00:00:00Z. Default: `performance.timeOrigin`. */
  readonly origin?: number;
  /** Whole milliseconds since 1970-01-01T00:00:00Z. Default: `Date.now`. */
  readonly wall?: () => number;
}

/** How often, by the monotonic clock, the two clocks are compared. */
const CHECK_EVERY_MS = 500;
/** How far they may be apart before the wall clock is followed. */
const MAX_DRIFT_MS = 1000;

/**
 * Makes a clock as fine as the monotonic one that follows the wall clock: after a suspended machine wakes up, or the
 * system's time is set, it is right again within half a second.
 *
 * @param sources The clocks.
 * @returns A function that returns milliseconds since 1970-01-01T00:00:00Z, with a fraction.
 */
export function createClock(sources: ClockSources = {}): () => number {
  const monotonic = sources.monotonic ?? (() => performance.now());
  const wall = sources.wall ?? Date.now;
  let origin = sources.origin ?? performance.timeOrigin;
  let checkedAt = -Infinity;
  return () => {
    const now = monotonic();
    if (now - checkedAt >= CHECK_EVERY_MS) {
      checkedAt = now;
      const drift = wall() - (origin + now);
      if (Math.abs(drift) > MAX_DRIFT_MS) origin += drift;
    }
    return origin + now;
  };
}

/** Milliseconds since 1970-01-01T00:00:00Z from the system, with a fraction. */
const systemClock: () => number = createClock();
