import { abortable } from "./abortable.ts";

/** Options of {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
}

/** The promise, or a `TimeoutError` when it takes longer than `ms`. */
export async function deadline<T>(
  p: Promise<T>,
  ms: number,
  options: DeadlineOptions = {},
): Promise<T> {
  const signals = options.signal ? [options.signal] : [];
  if (ms < Number.MAX_SAFE_INTEGER) signals.push(AbortSignal.timeout(ms));
  return await abortable(p, AbortSignal.any(signals));
}
