import {
  backoffMs,
  type BackoffOptions,
  type Clock,
} from "../../aistore/backoff.ts";
import { isUploadMissing } from "../../aistore/answers.ts";
import { classifyLater } from "../../aistore/outcome.ts";

/** How often one request of an upload in parts is tried. */
export const REQUEST_TRIES = 5;

/** A server that wants to be left alone for longer is left to those who pause everything that goes to it. */
const LONGEST_PAUSE_MS = 30_000;

/** How {@linkcode tryAgain} tries. */
export interface TryAgainOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The time. */
  readonly clock: Clock;
  /** How the pauses grow. */
  readonly backoff?: BackoffOptions;
}

/**
 * Makes a request, a few times if there is hope that it succeeds.
 *
 * @param request Makes it.
 * @param options When to stop.
 * @returns Its answer.
 * @throws The error of the last try.
 */
export async function tryAgain<T>(
  request: () => Promise<T>,
  options: TryAgainOptions,
): Promise<T> {
  const { signal, clock, backoff } = options;
  for (let tries = 1;; tries++) {
    try {
      signal.throwIfAborted();
      return await request();
    } catch (error) {
      if (signal.aborted || isUploadMissing(error)) throw error;
      const failure = classifyLater(error);
      if (failure.state === "rejected" || tries >= REQUEST_TRIES) throw error;
      const pauseMs = failure.afterMs ?? backoffMs(tries, backoff);
      if (pauseMs > LONGEST_PAUSE_MS) throw error;
      await clock.wait(pauseMs, signal);
    }
  }
}
