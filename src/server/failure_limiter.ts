/**
 * A limit on how often an address may send API keys that nobody has.
 *
 * @module
 */

import {
  FAILED_KEYS_BURST,
  FAILED_KEYS_INTERVAL_MS,
  REMEMBERED_ADDRESSES,
} from "./limits.ts";

interface Bucket {
  tokens: number;
  time: number;
}

/**
 * A bucket of failures for each address. Its memory is bounded: addresses that failed longest ago are forgotten.
 *
 * An address may be many people's, behind one router or proxy. So whoever used a good key from it before goes on
 * whatever the others do, and only keys that are new to the address wait.
 */
export class FailureLimiter {
  readonly #now: () => Date;
  readonly #buckets = new Map<string, Bucket>();
  readonly #familiar = new Map<string, true>();

  /** @param now The clock. */
  constructor(now: () => Date) {
    this.#now = now;
  }

  /**
   * How long a key must wait before it is looked at.
   *
   * @param address Where it comes from.
   * @param keyHash The key's hash.
   * @returns Milliseconds; 0 for not at all.
   */
  waitMs(address: string, keyHash: string): number {
    const bucket = this.#buckets.get(address);
    if (bucket === undefined) return 0;
    if (this.#familiar.has(`${address} ${keyHash}`)) return 0;
    const tokens = this.#tokensOf(bucket);
    return tokens >= 1 ? 0 : Math.ceil((1 - tokens) * FAILED_KEYS_INTERVAL_MS);
  }

  /**
   * Takes note of a key that nobody has.
   *
   * @param address Where it came from.
   */
  failed(address: string): void {
    const bucket = this.#buckets.get(address);
    const tokens = bucket ? this.#tokensOf(bucket) : FAILED_KEYS_BURST;
    const time = this.#now().getTime();
    keepLast(this.#buckets, address, { tokens: Math.max(0, tokens - 1), time });
  }

  /**
   * Takes note of a good key.
   *
   * @param address Where it came from.
   * @param keyHash The key's hash.
   */
  succeeded(address: string, keyHash: string): void {
    keepLast(this.#familiar, `${address} ${keyHash}`, true);
  }

  #tokensOf(bucket: Bucket): number {
    const now = this.#now().getTime();
    // A clock that was set back must not keep anybody waiting until it is where it was.
    bucket.time = Math.min(bucket.time, now);
    return Math.min(
      FAILED_KEYS_BURST,
      bucket.tokens + (now - bucket.time) / FAILED_KEYS_INTERVAL_MS,
    );
  }
}

/** Puts an entry at the end of a map, and drops the first ones when there are too many. */
function keepLast<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED_ADDRESSES) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
