const MESSAGE =
  "Cannot complete the mapping as an error was thrown from an item";

/**
 * Maps the items with at most `poolLimit` calls under way; results come in
 * the order of the items.
 */
export function pooledMap<T, R>(
  poolLimit: number,
  array: Iterable<T> | AsyncIterable<T>,
  iteratorFn: (data: T) => Promise<R>,
): AsyncIterableIterator<R> {
  if (!Number.isInteger(poolLimit) || poolLimit < 1) {
    throw new RangeError("'poolLimit' must be a positive integer");
  }
  const results = new TransformStream<Promise<R>, R>({
    transform: async (result, controller) => controller.enqueue(await result),
  });
  void pump(array, { poolLimit, iteratorFn, into: results.writable });
  return results.readable[Symbol.asyncIterator]();
}

interface Pump<T, R> {
  readonly poolLimit: number;
  readonly iteratorFn: (data: T) => Promise<R>;
  readonly into: WritableStream<Promise<R>>;
}

async function pump<T, R>(
  items: Iterable<T> | AsyncIterable<T>,
  { poolLimit, iteratorFn, into }: Pump<T, R>,
): Promise<void> {
  const writer = into.getWriter();
  const underWay = new Set<Promise<void>>();
  const errors: unknown[] = [];
  // A failed item holds the results back until all errors are known.
  const verdict = Promise.withResolvers<never>();
  verdict.promise.catch(() => {});
  try {
    for await (const item of items) {
      const result = Promise.resolve().then(() => iteratorFn(item));
      const task: Promise<void> = result
        .then(() => {}, (error) => void errors.push(error))
        .finally(() => underWay.delete(task));
      underWay.add(task);
      send(writer, result.catch(() => verdict.promise));
      if (underWay.size >= poolLimit) await Promise.race(underWay);
      if (errors.length > 0) break;
    }
  } catch (error) {
    errors.push(error);
    send(writer, verdict.promise);
  }
  await Promise.all(underWay);
  if (errors.length === 0) await writer.close().catch(() => {});
  else verdict.reject(new AggregateError(errors, MESSAGE));
}

/** A failed write is seen by the reader of the results. */
function send<R>(
  writer: WritableStreamDefaultWriter<Promise<R>>,
  result: Promise<R>,
): void {
  writer.write(result).catch(() => {});
}
