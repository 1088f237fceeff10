/**
 * Memory that is used again.
 *
 * @module
 */

import { BUFFER_BYTES, KEPT_BUFFERS } from "./limits.ts";

/** A piece of memory that nobody else looks at. */
export type OwnBuffer = Uint8Array<ArrayBuffer>;

/**
 * Buffers of {@linkcode BUFFER_BYTES} that go from one request to the next. What is dropped instead piles up until it is
 * collected, by the hundred where large objects arrive in parts.
 */
export class BufferPool {
  readonly #free: OwnBuffer[] = [];

  /** @returns A buffer; whatever is in it has no meaning. */
  take(): OwnBuffer {
    return this.#free.pop() ?? new Uint8Array(BUFFER_BYTES);
  }

  /**
   * Gives buffers back.
   *
   * @param buffers Buffers that nobody uses any more; those of another size are dropped.
   */
  give(buffers: readonly OwnBuffer[]): void {
    for (const buffer of buffers) {
      const isWhole = buffer.length === BUFFER_BYTES;
      if (isWhole && this.#free.length < KEPT_BUFFERS) this.#free.push(buffer);
    }
  }
}

/** The server's buffers. */
export const buffers: BufferPool = new BufferPool();
