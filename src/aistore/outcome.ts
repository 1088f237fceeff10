import { ConnectionError, RedirectError, ResponseError } from "../errors.ts";
import { isNodeMissing } from "./answers.ts";

/** What became of an attempt to deliver something: data, never an exception. */
export type Outcome =
  | { readonly state: "delivered" }
  | {
    readonly state: "retryable";
    /** How long the server wants to be left alone, in milliseconds. */
    readonly afterMs?: number;
    /** Why the attempt failed. */
    readonly error: unknown;
  }
  | {
    readonly state: "rejected";
    /** Why it is of no use to try again. */
    readonly error: unknown;
  };

/** An attempt that failed. */
export type Failure = Exclude<Outcome, { readonly state: "delivered" }>;

const RETRYABLE_STATUS = new Set([408, 425, 429]);

/** The longest `Retry-After` that is honoured: a slip in a server's configuration must not end a delivery. */
export const MAX_RETRY_AFTER_MS = 10 * 60_000;

const retryAfter = new WeakMap<object, number>();

/**
 * Remembers how long the server asked to be left alone when it caused an error.
 *
 * @param error The error.
 * @param afterMs The wish, in milliseconds; `undefined` when there was none.
 * @returns The error.
 */
export function withRetryAfter<E extends Error>(
  error: E,
  afterMs: number | undefined,
): E {
  if (afterMs !== undefined) retryAfter.set(error, afterMs);
  return error;
}

/**
 * Tells whether it is of use to try again: yes after a broken connection, a time-out, 408, 425, 429 and every
 * 5xx; no after any other answer.
 *
 * @param error What an attempt threw.
 * @returns The outcome.
 */
export function classify(error: unknown): Failure {
  if (!isTransient(error)) return { state: "rejected", error };
  const afterMs = retryAfter.get(error);
  return afterMs === undefined
    ? { state: "retryable", error }
    : { state: "retryable", afterMs, error };
}

/**
 * Tells whether it is of use to try again at a server that has worked before: also after an answer that is not
 * AIStore's own. A gateway's login page, its page for maintenance, or its 404 while the server behind it is away, says
 * nothing of what was sent.
 *
 * @param error What an attempt threw.
 * @returns The outcome.
 */
export function classifyLater(error: unknown): Failure {
  return isForeign(error) ? { state: "retryable", error } : classify(error);
}

function isForeign(error: unknown): boolean {
  if (error instanceof RedirectError) return true;
  return error instanceof ResponseError &&
    (error.status < 300 || (error.status === 404 && !isNodeMissing(error)));
}

function isTransient(error: unknown): error is Error {
  if (error instanceof ConnectionError) return true;
  return error instanceof ResponseError &&
    (error.status >= 500 || RETRYABLE_STATUS.has(error.status));
}

/**
 * Reads the header `Retry-After` (RFC 9110 §10.2.3): seconds, or a date.
 *
 * @param header The header's value, or `null`.
 * @param nowMs The time, in milliseconds since 1970.
 * @returns Milliseconds, at most {@linkcode MAX_RETRY_AFTER_MS}, or `undefined` when it says nothing usable.
 */
export function parseRetryAfter(
  header: string | null | undefined,
  nowMs: number,
): number | undefined {
  const text = header?.trim() ?? "";
  if (text === "") return undefined;
  const ms = /^\d+$/.test(text)
    ? Number(text) * 1000
    : Date.parse(text) - nowMs;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(ms, 0), MAX_RETRY_AFTER_MS);
}
