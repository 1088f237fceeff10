import { delay } from "@std/async";
import { backoffMs } from "../aistore/backoff.ts";
import { classify } from "../aistore/outcome.ts";

/** How {@linkcode withRetry} goes on. */
export interface RetryOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait after so many failed attempts, in milliseconds. Default: exponential with full jitter. */
  readonly pauseMs?: ((attempt: number) => number) | undefined;
}

/** With the default pauses the last attempt comes about 15 s after the first. */
const MAX_ATTEMPTS = 6;

/**
 * Does something with a server, and again as long as that is of use, six times at most.
 *
 * @param work What is to be done.
 * @param options Pauses, and abort.
 * @returns What the work returned.
 * @throws {unknown} What the last attempt threw, or the signal's reason.
 */
export async function withRetry<T>(
  work: () => Promise<T>,
  options: RetryOptions = {},
): Promise<T> {
  const { signal, pauseMs = backoffMs } = options;
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const failure = classify(error);
      if (failure.state === "rejected" || attempt === MAX_ATTEMPTS) throw error;
      const wishMs = failure.afterMs ?? 0;
      await delay(
        Math.max(wishMs, pauseMs(attempt)),
        signal === undefined ? {} : { signal },
      );
    }
  }
}
