/**
 * What a server does to its data beside answering.
 *
 * @module
 */

import type { Reporter } from "../reporter.ts";
import { UPKEEP_INTERVAL_MS } from "./limits.ts";
import type { Store } from "./store/store.ts";

/** What {@linkcode Upkeep} works with. */
export interface UpkeepOptions {
  /** What the server keeps. */
  readonly store: Store;
  /** Where failures are said. */
  readonly reporter: Reporter;
  /** How often it looks what there is to do. Default: {@linkcode UPKEEP_INTERVAL_MS}. */
  readonly intervalMs?: number | undefined;
}

/** Removes unused files, and deletes for good what is too long in the trash, until it is disposed of. */
export class Upkeep implements Disposable {
  readonly #options: UpkeepOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #ended = false;
  #busy: Promise<void> | undefined;

  /** @param options What to work with. */
  constructor(options: UpkeepOptions) {
    this.#options = options;
    const { intervalMs = UPKEEP_INTERVAL_MS, store } = options;
    this.#timer = setInterval(() => this.run(), intervalMs);
    Deno.unrefTimer(this.#timer);
    store.duplicates.lookAtAll();
  }

  /**
   * Does what there is to do; one call at a time does it.
   *
   * @returns Settles when it is done. It never rejects.
   */
  run(): Promise<void> {
    this.#busy ??= this.#work().finally(() => this.#busy = undefined);
    return this.#busy;
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    this.#ended = true;
    clearInterval(this.#timer);
  }

  async #work(): Promise<void> {
    const { store, reporter } = this.#options;
    try {
      if (!this.#ended) await store.trash.purgeExpired();
      if (!this.#ended) await store.collector.collect();
    } catch (error) {
      // Whoever closes the store meanwhile wants no more of this.
      if (this.#ended) return;
      const message = error instanceof Error ? error.message : String(error);
      reporter.warn(
        `upkeep ${message}`,
        `The server cannot tidy up and goes on: ${message}`,
      );
    }
  }
}
