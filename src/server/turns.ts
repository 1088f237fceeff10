/**
 * Long work in slices, so that requests are answered in between.
 *
 * @module
 */

import { SLICE_MS } from "./limits.ts";

/** Tells when a slice of work has taken long enough, and lets others have their turn. */
export class Turns {
  readonly #sliceMs: number;
  #begun = performance.now();

  /** @param sliceMs How long a slice takes, in milliseconds. Default: {@linkcode SLICE_MS}. */
  constructor(sliceMs: number = SLICE_MS) {
    this.#sliceMs = sliceMs;
  }

  /** Whether it is the turn of others. */
  get isOver(): boolean {
    return performance.now() - this.#begun >= this.#sliceMs;
  }

  /** Lets others have their turn, if it is that; then the next slice begins. */
  async pass(): Promise<void> {
    if (!this.isOver) return;
    await new Promise((resolve) => setTimeout(resolve, 0));
    this.#begun = performance.now();
  }
}
