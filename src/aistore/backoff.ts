/** How {@linkcode backoffMs} grows. */
export interface BackoffOptions {
  /** The bound of the first pause, in milliseconds. Default 500. */
  readonly baseMs?: number;
  /** The bound that no pause exceeds, in milliseconds. Default 30 000. */
  readonly capMs?: number;
  /** Gives numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: () => number;
}

/**
 * The pause before the next attempt: exponential with full jitter, so that many clients of a server that comes
 * back do not knock at the same moment.
 *
 * @param attempt How many attempts have failed in a row, from 1.
 * @param options Bounds and randomness.
 * @returns Milliseconds, from 0 up to `min(capMs, baseMs * 2 ** (attempt - 1))`.
 */
export function backoffMs(
  attempt: number,
  options: BackoffOptions = {},
): number {
  const { baseMs = 500, capMs = 30_000, random = Math.random } = options;
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(attempt - 1, 30));
}

/** Time as the delivery sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Waits without keeping the process alive.
   *
   * @param ms How long, in milliseconds.
   * @param signal Ends the wait early, without an error.
   */
  wait(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The real time; it does not jump when the system's clock is set. */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  wait(ms, signal) {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      Deno.unrefTimer(timer);
      signal?.addEventListener("abort", done, { once: true });
    });
  },
};
