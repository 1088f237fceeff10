/** Timers that wait for what a test says: `using time = new FakeTime()`. */
export class FakeTime implements Disposable {
  readonly #set = globalThis.setTimeout;
  readonly #clear = globalThis.clearTimeout;
  readonly #timers = new Map<number, { at: number; act: () => void }>();
  #now = 0;
  #count = 0;

  constructor() {
    globalThis.setTimeout = ((act: () => void, ms = 0) => {
      this.#timers.set(++this.#count, { at: this.#now + ms, act });
      return this.#count;
    }) as typeof setTimeout;
    globalThis.clearTimeout = (id) => {
      this.#timers.delete(id as number);
    };
  }

  /** Lets time pass. */
  pass(ms: number): void {
    const end = this.#now + ms;
    while (true) {
      const due = [...this.#timers].filter(([, { at }]) => at <= end)
        .sort(([, a], [, b]) => a.at - b.at)[0];
      if (due === undefined) break;
      const [id, { at, act }] = due;
      this.#timers.delete(id);
      this.#now = at;
      act();
    }
    this.#now = end;
  }

  [Symbol.dispose](): void {
    globalThis.setTimeout = this.#set;
    globalThis.clearTimeout = this.#clear;
  }
}
