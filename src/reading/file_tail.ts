/**
 * The end of a file that may grow.
 *
 * @module
 */

import type { NodeSource } from "./node_source.ts";

/** How much is read at once when going back from the end. */
const BLOCK_BYTES = 64 * 1024;

/** How far back lines are looked for. */
const FARTHEST_BYTES = 64 * 1024 * 1024;

const LINE_BREAK = 0x0a;

/** Which lines are wanted. */
export interface TailOptions {
  /** How long the file is. */
  readonly sizeBytes: number;
  /** How many lines from its end. */
  readonly lines: number;
}

/**
 * Finds where the last lines of a file begin, reading no more than them.
 *
 * @param source Whose file it is.
 * @param key The file.
 * @param options How many lines.
 * @returns The first byte of the first of these lines; where lines are very long, one 64 MiB before the end.
 */
export async function findLastLines(
  source: NodeSource,
  key: string,
  { sizeBytes, lines }: TailOptions,
): Promise<number> {
  if (lines === 0) return sizeBytes;
  // The break at the very end ends the last line, and begins none.
  let end = sizeBytes;
  let left = lines;
  let isLast = true;
  while (end > 0 && sizeBytes - end < FARTHEST_BYTES) {
    const start = Math.max(0, end - BLOCK_BYTES);
    const block = await source.readPart(key, { start, end });
    let at = block.length;
    while ((at = block.lastIndexOf(LINE_BREAK, at - 1)) >= 0) {
      const isFinal = isLast && at === block.length - 1;
      if (!isFinal && --left === 0) return start + at + 1;
      if (at === 0) break;
    }
    isLast = false;
    end = start;
  }
  return end;
}

/** Reads what comes to a file. */
export class FileFollower {
  /** The file. */
  readonly key: string;
  readonly #source: NodeSource;
  readonly #take: (piece: Uint8Array<ArrayBuffer>) => void;
  #position: number;

  /**
   * @param source Whose file it is.
   * @param options The file, where to begin, and what takes the bytes.
   */
  constructor(
    source: NodeSource,
    options: {
      readonly key: string;
      readonly position: number;
      readonly take: (piece: Uint8Array<ArrayBuffer>) => void;
    },
  ) {
    this.#source = source;
    this.key = options.key;
    this.#position = options.position;
    this.#take = options.take;
  }

  /** Reads what has come since. A file that has become shorter is read from its beginning. */
  async read(): Promise<void> {
    if (this.#source.place === "local") {
      const size = await this.#source.size(this.key) ?? 0;
      if (size < this.#position) this.#position = 0;
      if (size === this.#position) return;
    }
    const body = await this.#source.open(this.key, this.#position);
    for await (const piece of body) {
      this.#position += piece.length;
      this.#take(piece);
    }
  }
}
