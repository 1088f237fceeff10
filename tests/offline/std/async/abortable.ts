/** The promise, or a rejection with the signal's reason once it aborts. */
export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;
/** The values of `p`, until the signal aborts: then its reason is thrown. */
export function abortable<T>(
  p: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T>;
export function abortable<T>(
  p: Promise<T> | AsyncIterable<T>,
  signal: AbortSignal,
): Promise<T> | AsyncGenerator<T> {
  return p instanceof Promise
    ? abortablePromise(p, signal)
    : abortableIterable(p, signal);
}

async function abortablePromise<T>(
  promise: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([aborted.promise, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

async function* abortableIterable<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  signal.throwIfAborted();
  const values = source[Symbol.asyncIterator]();
  try {
    while (true) {
      const next = await abortablePromise(values.next(), signal);
      if (next.done) return;
      yield next.value;
    }
  } finally {
    await values.return?.();
  }
}
