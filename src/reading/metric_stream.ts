/**
 * Metrics files of any length, read piece by piece.
 *
 * @module
 */

import { isItemStart, lastItemStart } from "../format/metric_bounds.ts";
import type { MetricItem } from "../format/metric_item.ts";
import type { MetricsScan } from "../format/metric_reader.ts";
import { Rewind, scanRewound } from "../format/rewind.ts";

/** How long the buffer is at first, and to what length it grows before anything is read of it. */
const FIRST_BYTES = 16 * 1024;
const PIECE_BYTES = 256 * 1024;

/** What is longer than this without a record in it is given up. */
const LONGEST_BYTES = 64 * 1024 * 1024;

const LINE_BREAK = 0x0a;

/** Takes a metrics file apart that comes piece by piece, and shows each record. */
export class MetricStream {
  /** The first thing that is wrong, if anything is. */
  problem: string | undefined;
  readonly #visit: (item: MetricItem) => void;
  readonly #rewind: Rewind;
  /** Where in the file the buffer begins. */
  #position = 0;
  #buffer = new Uint8Array(FIRST_BYTES);
  #length = 0;

  /**
   * @param visit Is shown each record; the object it is given is used again for the next.
   * @param rewind Which records are left out, of a file that comes from its first byte on. Default: none.
   */
  constructor(visit: (item: MetricItem) => void, rewind: Rewind = Rewind.NONE) {
    this.#visit = visit;
    this.#rewind = rewind;
  }

  /**
   * Takes the next piece. Its last record is shown when another one has begun, or at the end.
   *
   * @param bytes The piece.
   */
  add(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      if (this.#length === this.#buffer.length) this.#makeRoom();
      const piece = bytes.subarray(
        at,
        at + this.#buffer.length - this.#length,
      );
      this.#buffer.set(piece, this.#length);
      this.#length += piece.length;
      at += piece.length;
    }
  }

  /** Shows the records that are whole, also the last one; what is behind them is kept for what may come. */
  finish(): void {
    const { problem, goodBytes } = this.#scan(this.#filled);
    // What is cut off at the end is being written.
    if (problem?.isTorn === false) this.problem ??= problem.message;
    this.#keepFrom(Math.min(goodBytes, this.#length));
  }

  get #filled(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  #makeRoom(): void {
    const isShort = this.#buffer.length < PIECE_BYTES;
    const end = isShort ? 0 : lastItemStart(this.#filled);
    if (end > 0) {
      const { problem } = this.#scan(this.#buffer.subarray(0, end));
      if (problem !== undefined) this.problem ??= problem.message;
      return this.#keepFrom(end);
    }
    if (this.#buffer.length >= LONGEST_BYTES) {
      this.problem ??= `${LONGEST_BYTES} bytes hold no record`;
      return this.#keepFrom(this.#length);
    }
    const longer = new Uint8Array(2 * this.#buffer.length);
    longer.set(this.#filled);
    this.#buffer = longer;
  }

  #scan(bytes: Uint8Array): MetricsScan {
    const stretch = { bytes, position: this.#position };
    return scanRewound(stretch, this.#rewind, this.#visit);
  }

  #keepFrom(start: number): void {
    this.#position += start;
    this.#buffer.copyWithin(0, start, this.#length);
    this.#length -= start;
  }
}

/**
 * Finds where the first record in a piece from the midst of a metrics file begins.
 *
 * @param piece The piece.
 * @returns Where; the piece's length if none does.
 */
export function firstItemStart(piece: Uint8Array): number {
  let at = -1;
  while (true) {
    at = piece.indexOf(LINE_BREAK, at + 1);
    if (at < 0) return piece.length;
    if (at + 2 < piece.length && isItemStart(piece, at + 1)) return at + 1;
  }
}
