/**
 * Checksums that can be continued.
 *
 * @module
 */

import { createHash, type Hash } from "node:crypto";
import { KEPT_HASHES } from "../limits.ts";
import type { ObjectRow } from "./objects.ts";

/** What tells a version of an object from others. */
export type ObjectVersion = Pick<ObjectRow, "file" | "size">;

/**
 * The checksums of the objects that were stored last, before their end: when an object grows, only what is new has to be
 * read. Those that were used longest ago are forgotten.
 */
export class RunningHashes {
  readonly #kept = new Map<
    string,
    { readonly size: number; readonly hash: Hash }
  >();
  readonly #most: number;

  /** @param most How many are kept. Default: {@linkcode KEPT_HASHES}. */
  constructor(most: number = KEPT_HASHES) {
    this.#most = most;
  }

  /**
   * Keeps the state of an object's checksum.
   *
   * @param object The object.
   * @param hash The state, which must not change any more.
   */
  keep({ file, size }: ObjectVersion, hash: Hash): void {
    this.#kept.delete(file);
    this.#kept.set(file, { size, hash });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > this.#most && oldest !== undefined) {
      this.#kept.delete(oldest);
    }
  }

  /**
   * Takes up the checksum of an object.
   *
   * @param object The object.
   * @returns A state of the caller's own, or undefined if none is kept.
   */
  resume({ file, size }: ObjectVersion): Hash | undefined {
    const kept = this.#kept.get(file);
    return kept?.size === size ? kept.hash.copy() : undefined;
  }
}

/**
 * Begins the checksum of an object.
 *
 * @returns The state.
 */
export function newHash(): Hash {
  return createHash("md5");
}

/**
 * What a state comes to if nothing follows.
 *
 * @param hash The state, which can be continued afterwards.
 * @returns Lower-case hex.
 */
export function digestOf(hash: Hash): string {
  return hash.copy().digest("hex");
}
