/**
 * One after the other.
 *
 * @module
 */

/** Lets one at a time work on a thing. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<unknown>>();

  /**
   * Runs a step when everybody who came before for the same thing is done.
   *
   * @param key The thing.
   * @param step The step.
   * @returns What the step returned.
   */
  async run<T>(key: string, step: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const turn = before.then(step, step);
    const settled = turn.then(() => {}, () => {});
    this.#last.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key);
    }
  }
}
