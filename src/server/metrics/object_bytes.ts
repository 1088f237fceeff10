/**
 * The bytes of an object, read at once where they are wanted.
 *
 * @module
 */

import { createHash } from "node:crypto";

/** A file that holds a part of an object. */
export interface ObjectSegment {
  /** Where it is. */
  readonly path: string;
  /** How many bytes of it count. */
  readonly size: number;
}

/** An object whose files are read without waiting: by a thread of its own, or in small pieces. */
export class ObjectBytes implements Disposable {
  readonly #segments: readonly ObjectSegment[];
  #open: { readonly index: number; readonly file: Deno.FsFile } | undefined;

  /** @param segments Its files, in order. */
  constructor(segments: readonly ObjectSegment[]) {
    this.#segments = segments;
  }

  /**
   * Reads bytes.
   *
   * @param start The first.
   * @param buffer Takes them; as many as it is long are read, or up to the end.
   * @returns How many were read.
   * @throws {Deno.errors.NotFound} If the object was replaced or deleted meanwhile.
   */
  read(start: number, buffer: Uint8Array): number {
    let at = start;
    let done = 0;
    for (const [index, { size }] of this.#segments.entries()) {
      while (at < size && done < buffer.length) {
        const file = this.#file(index);
        file.seekSync(at, Deno.SeekMode.Start);
        const wanted = Math.min(size - at, buffer.length - done);
        const count = file.readSync(buffer.subarray(done, done + wanted));
        if (count === null) throw new Deno.errors.NotFound("It is cut short");
        at += count;
        done += count;
      }
      at = Math.max(0, at - size);
    }
    return done;
  }

  /**
   * Computes the MD5 of the first bytes, piece by piece.
   *
   * @param size How many bytes.
   * @param buffer Is read into.
   * @yields After each piece.
   * @returns Lower-case hex.
   */
  *md5(size: number, buffer: Uint8Array): Generator<void, string> {
    const hash = createHash("md5");
    for (let at = 0; at < size;) {
      const rest = Math.min(size - at, buffer.length);
      const count = this.read(at, buffer.subarray(0, rest));
      if (count === 0) break;
      hash.update(buffer.subarray(0, count));
      at += count;
      yield;
    }
    return hash.digest("hex");
  }

  /** Closes the file that is open. */
  [Symbol.dispose](): void {
    this.#open?.file.close();
    this.#open = undefined;
  }

  #file(index: number): Deno.FsFile {
    if (this.#open?.index === index) return this.#open.file;
    this[Symbol.dispose]();
    const { path } = this.#segments[index] as ObjectSegment;
    const file = Deno.openSync(path, { read: true });
    this.#open = { index, file };
    return file;
  }
}
