/**
 * Where some bytes are in others.
 *
 * @module
 */

/** Searches for a pattern by Horspool's method: the longer the pattern, the fewer bytes are looked at. */
export class ByteSearch {
  readonly #pattern: Uint8Array;
  /** How far the pattern can be moved when a byte stands at its end. */
  readonly #skips: Int32Array;

  /** @param pattern What is searched for; not empty. */
  constructor(pattern: Uint8Array) {
    const last = pattern.length - 1;
    this.#pattern = pattern;
    this.#skips = new Int32Array(256).fill(pattern.length);
    for (const [at, byte] of pattern.subarray(0, last).entries()) {
      this.#skips[byte] = last - at;
    }
  }

  /**
   * Finds the pattern.
   *
   * @param bytes Where to look.
   * @param from Where to begin.
   * @returns Where it begins, or -1.
   */
  find(bytes: Uint8Array, from: number): number {
    const pattern = this.#pattern;
    const skips = this.#skips;
    const last = pattern.length - 1;
    for (let at = from; at + last < bytes.length;) {
      let same = last;
      while (same >= 0 && bytes[at + same] === pattern[same]) same--;
      if (same < 0) return at;
      at += skips[bytes[at + last] ?? 0] ?? 1;
    }
    return -1;
  }
}
