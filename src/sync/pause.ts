/**
 * Waits.
 *
 * @param ms How long, in milliseconds.
 * @param signal Ends the wait.
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  const end = () => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  clearTimeout(timer);
  signal.removeEventListener("abort", end);
}

const POLL_MS = 2_000;

/**
 * Makes a signal that is aborted when something has come to be.
 *
 * @param hasCome Looks whether it has.
 * @param signal Aborts the signal, too.
 * @returns The signal; disposing of it ends the looking.
 */
export function abortWhen(
  hasCome: () => boolean,
  signal: AbortSignal,
): Disposable & { readonly signal: AbortSignal } {
  const own = new AbortController();
  const timer = setInterval(() => {
    if (hasCome()) own.abort();
  }, POLL_MS);
  return {
    signal: AbortSignal.any([signal, own.signal]),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
