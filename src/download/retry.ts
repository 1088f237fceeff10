import { delay } from "@std/async";
import { backoffMs } from "../aistore/backoff.ts";
import { classify } from "../aistore/outcome.ts";

/** How {@linkcode withRetry} goes on. */
export interface RetryOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** How long to wait after so many failed attempts, in milliseconds. Default: exponential with full jitter. */
  readonly pauseMs?: ((attempt: number) => number) | undefined;
  /** Asked after a failure whether the attempt got somewhere: then it does not count. Default: none does. */
  readonly hasGained?: () => boolean;
}

/** With the default pauses the last attempt comes about 15 s after the first. */
const MAX_ATTEMPTS = 6;

/**
 * Does something with a server, and again as long as that is of use, six times in a row at most.
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
  const { signal, pauseMs = backoffMs, hasGained = () => false } = options;
  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      const failure = classify(error);
      if (hasGained()) attempt = 1;
      if (failure.state === "rejected" || attempt === MAX_ATTEMPTS) throw error;
      const wishMs = failure.afterMs ?? 0;
      await delay(
        Math.max(wishMs, pauseMs(attempt)),
        signal === undefined ? {} : { signal },
      );
    }
  }
}
