/** How many uploads to one server are under way at the same time. */
const AT_ONCE = 2;

/** Lets a few tasks run at a time for each server, so that one that is away does not hold up the others. */
export class UploadQueue {
  readonly #lines = new Map<
    string,
    { running: number; waiting: (() => void)[] }
  >();

  /**
   * Runs a task in its turn.
   *
   * @param host The server's address.
   * @param task The task.
   * @returns What the task returns.
   */
  async run<T>(host: string, task: () => Promise<T>): Promise<T> {
    let line = this.#lines.get(host);
    if (line === undefined) {
      this.#lines.set(host, line = { running: 0, waiting: [] });
    }
    if (line.running >= AT_ONCE) {
      const { promise, resolve } = Promise.withResolvers<void>();
      line.waiting.push(resolve);
      await promise;
    } else line.running++;
    try {
      return await task();
    } finally {
      const next = line.waiting.shift();
      if (next === undefined) line.running--;
      else next();
    }
  }
}
