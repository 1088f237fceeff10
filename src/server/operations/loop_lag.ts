/**
 * How late the event loop is.
 *
 * @module
 */

const STEP_MS = 500;
const KEPT = 30;

/** Measures how much later than wanted a timer comes. It runs until it is disposed of. */
export class LoopLag implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #lags: number[] = [];
  #last = performance.now();

  /** Begins to measure. */
  constructor() {
    this.#timer = setInterval(() => this.#measure(), STEP_MS);
    Deno.unrefTimer(this.#timer);
  }

  /** The greatest lag of the last 15 seconds, in milliseconds. */
  get maxMs(): number {
    return Math.max(0, ...this.#lags);
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #measure(): void {
    const now = performance.now();
    this.#lags.push(now - this.#last - STEP_MS);
    if (this.#lags.length > KEPT) this.#lags.shift();
    this.#last = now;
  }
}
