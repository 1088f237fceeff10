/**
 * The checksum of an object that arrives in parts.
 *
 * @module
 */

import type { Hash } from "node:crypto";
import { LANE_BYTES } from "../limits.ts";
import type { HashThread } from "./hash_thread.ts";
import type { ObjectFiles } from "./object_files.ts";
import { digestOf, newHash } from "./running_hashes.ts";
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

/** A checksum that is complete. */
export interface WholeHash {
  /** Lower-case hex. */
  readonly md5: string;
  /** The state that it can be continued from; absent if a thread has it. */
  readonly hash: Hash | undefined;
}

/**
 * Makes the checksum of the parts 1, 2, 3 … while they arrive. The part whose turn it is goes into it as it comes; one that
 * comes before its turn is read from its file later. The state behind each part is kept, for a part may be sent again.
 *
 * Where the parts are large a thread reads them all from their files: to compute the checksum takes longer than to receive.
 */
export class PrefixHash implements AsyncDisposable {
  readonly #files: ObjectFiles;
  readonly #parts: () => readonly PartRow[];
  /** The parts that are in the checksum, and its state behind each. */
  #done: { readonly file: string; readonly hash?: Hash }[] = [];
  /** The part that goes in while it arrives. */
  #lane: { readonly number: number } | undefined;
  /** Parts are being read from their files. */
  #reading: Promise<void> | undefined;
  #closed = false;
  /** Computes the checksums of large parts; absent once it has failed. */
  #thread: HashThread | undefined;
  /** By what the thread knows the checksum, if it computes it. */
  #sum: number | undefined;

  /**
   * @param files The bytes.
   * @param thread Computes the checksums of large parts.
   * @param parts The parts that are there, by number.
   */
  constructor(
    files: ObjectFiles,
    thread: HashThread,
    parts: () => readonly PartRow[],
  ) {
    this.#files = files;
    this.#thread = thread;
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
    if (this.#reading || !isTurn || this.#sum !== undefined) return undefined;
    this.#done.length = number - 1;
    const hash = this.#state();
    // Who sends a part again has given up the other try, which may not have been noticed here.
    const lane = this.#lane = { number };
    const end = (): boolean => {
      const counts = this.#lane === lane;
      if (counts) this.#lane = undefined;
      return counts;
    };
    let seen = 0;
    let isLarge = false;
    return {
      update: (bytes) => {
        if (isLarge) return;
        seen += bytes.length;
        isLarge = number === 1 && this.#isForThread(seen) && end();
        if (!isLarge) hash.update(bytes);
      },
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
   * @returns The checksum.
   */
  async finish(parts: readonly StoredFile[]): Promise<WholeHash> {
    this.#closed = true;
    this.#lane = undefined;
    await this.#reading;
    const differs = this.#done.findIndex(({ file }, at) =>
      file !== parts[at]?.file
    );
    if (differs >= 0) this.#done.length = differs;
    for (;;) {
      const next = parts[this.#done.length];
      if (next !== undefined) await this.#take(next);
      else if (this.#sum === undefined) {
        const hash = this.#state();
        return { md5: digestOf(hash), hash };
      } else {
        const md5 = await this.#inThread((thread, sum) =>
          thread.digest(sum, parts.length)
        );
        if (md5 !== undefined) return { md5, hash: undefined };
      }
    }
  }

  /** Ends what goes on in the background. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    if (this.#sum !== undefined) await this.#thread?.end(this.#sum);
  }

  /** Whether a first part of such a size has the thread do all. */
  #isForThread(sizeBytes: number): boolean {
    return this.#thread !== undefined && sizeBytes > LANE_BYTES;
  }

  /** Has the thread do something; where it fails all is done here, from the beginning. */
  async #inThread<T>(
    act: (thread: HashThread, sum: number) => Promise<T>,
  ): Promise<T | undefined> {
    const thread = this.#thread;
    if (thread === undefined) return undefined;
    const sum = this.#sum ??= thread.begin();
    try {
      return await act(thread, sum);
    } catch {
      // Whatever is wrong with a file is met here again, and said.
      await thread.end(sum);
      this.#thread = undefined;
      this.#sum = undefined;
      this.#done = [];
      return undefined;
    }
  }

  async #take(part: StoredFile): Promise<void> {
    const isFirst = this.#done.length === 0;
    if (this.#sum !== undefined || isFirst && this.#isForThread(part.size)) {
      const path = this.#files.pathOf(part.file);
      const { size } = part;
      await this.#inThread(async (thread, sum) => {
        await thread.take(sum, { at: this.#done.length, path, size });
        this.#done.push({ file: part.file });
      });
      return;
    }
    const hash = this.#state();
    await this.#files.feed([part], (bytes) => hash.update(bytes));
    this.#done.push({ file: part.file, hash });
  }

  #state(): Hash {
    return this.#done.at(-1)?.hash?.copy() ?? newHash();
  }
}
