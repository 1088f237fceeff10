/**
 * The checksum of an object that arrives in parts.
 *
 * @module
 */

import type { Hash } from "node:crypto";
import type { ObjectFiles } from "./object_files.ts";
import { newHash } from "./running_hashes.ts";
import type { StoredFile } from "./segment_reader.ts";
import type { PartRow } from "./uploads.ts";

/** A part that goes into the checksum while it arrives. */
export interface Lane {
  /**
   * Takes the next bytes of the part.
   *
   * @param bytes The bytes.
   */
  update(bytes: Uint8Array): void;
  /**
   * The part is whole.
   *
   * @param stored Its file.
   */
  arrived(stored: StoredFile): void;
  /** The part broke off. */
  failed(): void;
}

/**
 * Makes the checksum of the parts 1, 2, 3 … while they arrive. The part whose turn it is goes into it as it comes; one that
 * comes before its turn is read from its file later. The state behind each part is kept, for a part may be sent again.
 */
export class PrefixHash implements Disposable {
  readonly #files: ObjectFiles;
  readonly #parts: () => readonly PartRow[];
  /** The parts that are in the checksum, and its state behind each. */
  #done: { readonly file: string; readonly hash: Hash }[] = [];
  /** The part that goes in while it arrives. */
  #lane: { readonly number: number } | undefined;
  /** Parts are being read from their files. */
  #reading: Promise<void> | undefined;
  #closed = false;

  /**
   * @param files The bytes.
   * @param parts The parts that are there, by number.
   */
  constructor(files: ObjectFiles, parts: () => readonly PartRow[]) {
    this.#files = files;
    this.#parts = parts;
  }

  /**
   * Begins to take a part while it arrives.
   *
   * @param number The part's number.
   * @returns Takes it; undefined if it is not its turn.
   */
  lane(number: number): Lane | undefined {
    const isTurn = this.#lane === undefined
      ? number <= this.#done.length + 1
      : number === this.#lane.number;
    if (this.#reading || !isTurn) return undefined;
    this.#done.length = number - 1;
    const hash = this.#state();
    // Who sends a part again has given up the other try, which may not have been noticed here.
    const lane = this.#lane = { number };
    const end = (): boolean => {
      const counts = this.#lane === lane;
      if (counts) this.#lane = undefined;
      return counts;
    };
    return {
      update: (bytes) => void hash.update(bytes),
      arrived: ({ file }) => void (end() && this.#done.push({ file, hash })),
      failed: () => void end(),
    };
  }

  /** Takes the parts whose turn has come from their files, in the background. */
  catchUp(): void {
    if (this.#lane || this.#reading || this.#closed) return;
    const next = this.#parts()
      .find(({ number }) => number === this.#done.length + 1);
    if (next === undefined) return;
    this.#reading = this.#take(next).then(
      () => {
        this.#reading = undefined;
        this.catchUp();
      },
      // Whoever completes the upload meets the same trouble, and says it.
      () => this.#reading = undefined,
    );
  }

  /**
   * Makes the checksum of the whole.
   *
   * @param parts All parts, in order.
   * @returns The state behind the last.
   */
  async finish(parts: readonly StoredFile[]): Promise<Hash> {
    this.#closed = true;
    this.#lane = undefined;
    await this.#reading;
    const differs = this.#done.findIndex(({ file }, at) =>
      file !== parts[at]?.file
    );
    if (differs >= 0) this.#done.length = differs;
    for (const part of parts.slice(this.#done.length)) await this.#take(part);
    return this.#state();
  }

  /** Ends what goes on in the background. */
  [Symbol.dispose](): void {
    this.#closed = true;
  }

  async #take(part: StoredFile): Promise<void> {
    const hash = this.#state();
    await this.#files.feed([part], (bytes) => hash.update(bytes));
    this.#done.push({ file: part.file, hash });
  }

  #state(): Hash {
    return this.#done.at(-1)?.hash.copy() ?? newHash();
  }
}
