/** Options of {@linkcode Run.flush} and {@linkcode Run.finish}. */
export interface WaitOptions {
  /** How long to wait for the server at most, in milliseconds. Default: 60000. 0: do not wait. Infinity: wait as long as it takes. */
  readonly timeoutMs?: number;
}

/** How long `finish` and `flush` wait for the server unless told otherwise. */
const DEFAULT_WAIT_MS = 60_000;
/** The longest wait; timers cannot count further than 2^31 milliseconds. */
const MAX_WAIT_MS = 2_000_000_000;

/**
 * Checks how long to wait, and fills in the default.
 *
 * @param options What the user passed in.
 * @returns The time in milliseconds, at most what a timer can count.
 * @throws {RangeError} If it is no number of milliseconds.
 */
export function checkWait(options: WaitOptions): number {
  const { timeoutMs = DEFAULT_WAIT_MS } = options;
  if (typeof timeoutMs !== "number" || !(timeoutMs >= 0)) {
    throw new RangeError(
      `Option timeoutMs must be a number of milliseconds from 0 up, and is ${
        Deno.inspect(timeoutMs)
      }`,
    );
  }
  return Math.min(timeoutMs, MAX_WAIT_MS);
}
