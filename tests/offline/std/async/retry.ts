import { delay } from "./delay.ts";

/** What {@linkcode retry} gives up with; `cause` is the last error. */
export class RetryError extends Error {
  constructor(cause: unknown, attempts: number) {
    super(`Retrying exceeded the maxAttempts (${attempts}).`, { cause });
    this.name = "RetryError";
  }
}

/** Options of {@linkcode retry}. */
export interface RetryOptions {
  /** By what the wait grows each time; 2 if left out. */
  multiplier?: number;
  /** The longest wait in milliseconds; 60 000 if left out. */
  maxTimeout?: number;
  /** How often to try; 5 if left out. */
  maxAttempts?: number;
  /** The first wait in milliseconds; 1 000 if left out. */
  minTimeout?: number;
  /** Which part of a wait is random, 0 to 1; 1 if left out. */
  jitter?: number;
  /** Whether another try makes sense after this error. */
  isRetriable?: (err: unknown) => boolean;
  /** Ends it with the signal's reason. */
  signal?: AbortSignal;
}

/** Calls `fn` until it succeeds, with growing waits between the tries. */
export async function retry<T>(
  fn: (() => Promise<T>) | (() => T),
  options: RetryOptions = {},
): Promise<T> {
  const {
    multiplier = 2,
    maxTimeout = 60_000,
    maxAttempts = 5,
    minTimeout = 1_000,
    jitter = 1,
    isRetriable = () => true,
    signal,
  } = options;
  check("maxAttempts", maxAttempts, isCount(maxAttempts));
  check("multiplier", multiplier, isFinite(multiplier) && multiplier >= 1);
  check("maxTimeout", maxTimeout, maxTimeout > 0);
  check("minTimeout", minTimeout, minTimeout >= 0 && minTimeout <= maxTimeout);
  check("jitter", jitter, jitter >= 0 && jitter <= 1);

  for (let attempt = 1;; attempt++) {
    signal?.throwIfAborted();
    try {
      return await fn();
    } catch (error) {
      if (!isRetriable(error)) throw error;
      if (attempt >= maxAttempts) throw new RetryError(error, maxAttempts);
    }
    const grown = minTimeout * multiplier ** (attempt - 1);
    const waitMs = Math.min(grown, maxTimeout) * (1 - jitter * Math.random());
    await delay(waitMs, signal ? { signal } : {});
  }
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1;
}

function check(name: string, value: number, isGood: boolean): void {
  if (isGood) return;
  throw new RangeError(
    `Cannot retry as '${name}' is out of range: current value is ${value}`,
  );
}
