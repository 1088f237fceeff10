/**
 * Options of {@linkcode delay}. The original's `persistent` is not among
 * them: in Deno 2.9 `persistent: false` keeps the process alive all the same.
 */
export interface DelayOptions {
  /** Ends the wait with the signal's reason. */
  signal?: AbortSignal;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves after so many milliseconds. */
export async function delay(
  ms: number,
  options: DelayOptions = {},
): Promise<void> {
  let leftMs = Math.trunc(Math.max(ms, 0)) || 0;
  do {
    const partMs = Math.min(leftMs, LONGEST_TIMER_MS);
    await timer(partMs, options);
    leftMs -= partMs;
  } while (leftMs > 0);
}

function timer(ms: number, options: DelayOptions): Promise<void> {
  const { signal } = options;
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const id = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    const abort = () => {
      clearTimeout(id);
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", abort, { once: true });
  });
}
