/**
 * Whether the server can do its work.
 *
 * @module
 */

import { HEALTH_LIFETIME_MS, MIN_FREE_BYTES } from "../limits.ts";
import type { StoreFacts } from "../store/store_facts.ts";

/** What a {@linkcode Health} asks. */
export type HealthFacts = Pick<
  StoreFacts,
  "checkDatabase" | "checkWriting" | "freeBytes"
>;

/** Checks the server's parts. A result counts for a while, so that asking often costs nothing. */
export class Health {
  readonly #facts: HealthFacts;
  readonly #lifetimeMs: number;
  #last: Promise<string | undefined> | undefined;
  #at = 0;

  /**
   * @param facts What is asked.
   * @param lifetimeMs For how long a result counts.
   */
  constructor(facts: HealthFacts, lifetimeMs: number = HEALTH_LIFETIME_MS) {
    this.#facts = facts;
    this.#lifetimeMs = lifetimeMs;
  }

  /**
   * Checks everything.
   *
   * @returns What is wrong, or undefined. It says nothing that a stranger may not know.
   */
  problem(): Promise<string | undefined> {
    const now = performance.now();
    if (this.#last === undefined || now - this.#at > this.#lifetimeMs) {
      this.#at = now;
      this.#last = this.#check();
    }
    return this.#last;
  }

  async #check(): Promise<string | undefined> {
    try {
      this.#facts.checkDatabase();
    } catch {
      return "the database does not answer";
    }
    try {
      const free = await this.#facts.freeBytes();
      if (free !== undefined && free < MIN_FREE_BYTES) {
        return `${free} bytes are left for data, at least ${MIN_FREE_BYTES} are needed`;
      }
      await this.#facts.checkWriting();
    } catch {
      return "the data folder cannot be written to";
    }
    return undefined;
  }
}
