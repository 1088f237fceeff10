/**
 * What a server does beside answering.
 *
 * @module
 */

import type { Reporter } from "../reporter.ts";
import type { Store } from "./store/store.ts";

/** What {@linkcode Housekeeping} works with. */
export interface HousekeepingOptions {
  /** What the server keeps. */
  readonly store: Store;
  /** Where failures are said. */
  readonly reporter: Reporter;
  /** How often it looks what there is to do. Default: one second. */
  readonly intervalMs?: number | undefined;
}

/** How many nodes are looked up at once to be deleted. */
const TOP_NODES_AT_ONCE = 100;

/**
 * Writes when keys were used, clears away sessions that are over, and removes the trees of users that another process
 * has marked. It runs until it is disposed of.
 */
export class Housekeeping implements Disposable {
  readonly #options: HousekeepingOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #ended = false;
  #busy: Promise<void> | undefined;

  /** @param options What to work with. */
  constructor(options: HousekeepingOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.run(), options.intervalMs ?? 1000);
    Deno.unrefTimer(this.#timer);
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

  /** Ends it, once what is known has been written. */
  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#try(() => this.#options.store.keys.writeUses({ all: true }));
  }

  async #work(): Promise<void> {
    const { keys, sessions, users } = this.#options.store;
    if (this.#ended) return;
    this.#try(() => keys.writeUses());
    this.#try(() => sessions.endExpired());
    try {
      for (const name of users.removed()) await this.#removeTree(name);
    } catch (error) {
      this.#report(error);
    }
  }

  async #removeTree(name: string): Promise<void> {
    const { users, trash } = this.#options.store;
    const forGood = { editor: name, forGood: true };
    while (!this.#ended) {
      const nodes = users.topNodes(name, TOP_NODES_AT_ONCE);
      for (const node of nodes) {
        if (this.#ended) return;
        await trash.discard(node, forGood);
      }
      if (nodes.length > 0) continue;
      await trash.purgeOf(name);
      if (!this.#ended) users.forget(name);
      return;
    }
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#report(error);
    }
  }

  #report(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.#options.reporter.warn(
      `housekeeping ${message}`,
      `The server cannot tidy up and goes on: ${message}`,
    );
  }
}
