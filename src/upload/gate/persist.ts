import type { Clock } from "../../aistore/backoff.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import { classifyLater, type Failure } from "../../aistore/outcome.ts";
import { AuthenticationError } from "../../errors.ts";

/** Lets requests pass one after the other, and hears what becomes of each. */
export interface Entrance {
  /**
   * Asks whether a request may be made now. If so, one of the other methods must follow.
   *
   * @param nowMs The time.
   * @returns How long to wait until it is of use to ask again, in milliseconds; 0 for not at all.
   */
  tryEnter(nowMs: number): number;
  /** Says that the server answered as it should. */
  succeeded(): void;
  /**
   * Says that the server refused something for good.
   *
   * @param error Why.
   */
  refused(error: unknown): void;
  /** Says that a request was given up without an answer. */
  left(): void;
  /**
   * Says that a request failed.
   *
   * @param error Why.
   * @param nowMs The time.
   * @param afterMs How long the server asked to be left alone, in milliseconds.
   */
  failed(error: unknown, nowMs: number, afterMs?: number): void;
}

/** How {@linkcode persist} goes on. */
export interface PersistOptions {
  /** Whether the server may be asked. */
  readonly gate: Entrance;
  /** The time. */
  readonly clock: Clock;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Tells of a failure whether to try again. Default: {@linkcode classifyLater}. */
  readonly judge?: (error: unknown) => Failure | Promise<Failure>;
}

/**
 * Judges a failure of a request that needs nothing but the key: one that was good may be good again.
 *
 * @param error What the request threw.
 * @returns Whether to try again.
 */
export function hopeForKey(error: unknown): Failure {
  return error instanceof AuthenticationError
    ? { state: "retryable", error }
    : classifyLater(error);
}

/**
 * Judges the failures of one request that needs more than the key, such as leave to change a node. The server is asked
 * whether it is the key that it refuses, which may be good again. If it is not, the request is made once more: the key may
 * have become good just before the server was asked.
 *
 * @param client The server.
 * @returns The judge, for one {@linkcode persist}.
 */
export function doubtKey(
  client: Pick<AIStoreClient, "userInfo">,
): (error: unknown) => Promise<Failure> {
  let isGood = false;
  return async (error) => {
    if (!(error instanceof AuthenticationError)) return classifyLater(error);
    if (isGood) return { state: "rejected", error };
    try {
      await client.userInfo();
      isGood = true;
      return { state: "retryable", error };
    } catch (other) {
      return hopeForKey(other);
    }
  };
}

/**
 * Makes requests until they succeed, or the server refuses.
 *
 * @param operation The requests; it is repeated as a whole.
 * @param options When to ask, and when to stop.
 * @returns What the operation returned.
 * @throws {unknown} What it threw, if trying again is of no use, or the signal's reason.
 */
export async function persist<T>(
  operation: () => Promise<T>,
  options: PersistOptions,
): Promise<T> {
  const { gate, clock, signal, judge = classifyLater } = options;
  for (;;) {
    signal.throwIfAborted();
    const waitMs = gate.tryEnter(clock.now());
    if (waitMs > 0) {
      await clock.wait(waitMs, signal);
      continue;
    }
    try {
      const result = await operation();
      gate.succeeded();
      return result;
    } catch (error) {
      const failure = await judge(error);
      if (signal.aborted) {
        gate.left();
        throw error;
      }
      if (failure.state === "rejected") {
        gate.refused(error);
        throw error;
      }
      gate.failed(error, clock.now(), failure.afterMs);
    }
  }
}
