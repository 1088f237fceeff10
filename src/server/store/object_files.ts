/**
 * The bytes of objects, each stored version in a file of its own under a random name.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { join } from "@std/path";
import { READ_CHUNK_BYTES } from "../limits.ts";

/** A file that was written and synced. */
export interface StoredFile {
  /** Its name, by which it is found again. */
  readonly file: string;
  /** Its length in bytes. */
  readonly size: number;
  /** MD5 of its content, lower-case hex. */
  readonly md5: string;
}

/** A part of a file. */
export interface ByteRange {
  /** The first byte, from 0. */
  readonly start: number;
  /** The byte after the last. */
  readonly end: number;
}

/**
 * The files below a data folder: `objects/<first two letters>/<name>`, and `tmp/<name>` while they are written.
 * Nothing here knows what a file belongs to.
 */
export class ObjectFiles {
  readonly #objects: string;
  readonly #temporary: string;

  /** @param dataDir The data folder. */
  constructor(dataDir: string) {
    this.#objects = join(dataDir, "objects");
    this.#temporary = join(dataDir, "tmp");
    Deno.mkdirSync(this.#objects, { recursive: true });
    Deno.mkdirSync(this.#temporary, { recursive: true });
  }

  /**
   * Writes a file. When this returns it is complete and on disk; when it throws nothing is left of it.
   *
   * @param source The content.
   * @returns The file.
   */
  async write(source: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    const file = randomBytes(16).toString("hex");
    const temporary = join(this.#temporary, file);
    try {
      const written = await writeSynced(temporary, source);
      const path = this.#pathOf(file);
      const folder = join(this.#objects, file.slice(0, 2));
      await Deno.mkdir(folder, { recursive: true });
      await Deno.rename(temporary, path);
      await syncDirectory(folder);
      return { file, ...written };
    } catch (error) {
      await removeIfThere(temporary);
      throw error;
    }
  }

  /**
   * Opens a file for reading. Once opened it is read to its end even if it is removed meanwhile.
   *
   * @param file Its name.
   * @param range The bytes that are wanted.
   * @param signal Breaks the reading off.
   * @returns The bytes.
   */
  read(
    file: string,
    range: ByteRange,
    signal?: AbortSignal,
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const opened = Deno.openSync(this.#pathOf(file), { read: true });
    opened.seekSync(range.start, Deno.SeekMode.Start);
    let left = range.end - range.start;
    let closed = false;
    const close = () => {
      if (!closed) opened.close();
      closed = true;
      signal?.removeEventListener("abort", close);
    };
    signal?.addEventListener("abort", close);
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        if (left > 0) {
          signal?.throwIfAborted();
          const chunk = new Uint8Array(Math.min(left, READ_CHUNK_BYTES));
          const count = await opened.read(chunk);
          if (count === null) throw new Error(`"${file}" is cut short`);
          left -= count;
          controller.enqueue(chunk.subarray(0, count));
        }
        if (left > 0) return;
        close();
        controller.close();
      },
      cancel: close,
    }, { highWaterMark: 0 });
  }

  /**
   * Reads files one after the other.
   *
   * @param stored The files.
   * @returns Their bytes.
   */
  async *join(stored: readonly StoredFile[]): AsyncGenerator<Uint8Array> {
    for (const { file, size } of stored) {
      yield* this.read(file, { start: 0, end: size });
    }
  }

  /**
   * Removes files.
   *
   * @param files Their names. One that is not there, or that the system does not let go, is passed over.
   */
  async remove(files: Iterable<string>): Promise<void> {
    for (const file of files) await removeIfThere(this.#pathOf(file));
  }

  /**
   * Removes what a crash left behind.
   *
   * @param isKnown Whether something refers to a file.
   */
  sweep(isKnown: (file: string) => boolean): void {
    for (const entry of Deno.readDirSync(this.#temporary)) {
      Deno.removeSync(join(this.#temporary, entry.name), { recursive: true });
    }
    for (const folder of Deno.readDirSync(this.#objects)) {
      const path = join(this.#objects, folder.name);
      for (const entry of folder.isDirectory ? Deno.readDirSync(path) : []) {
        if (!isKnown(entry.name)) Deno.removeSync(join(path, entry.name));
      }
    }
  }

  #pathOf(file: string): string {
    return join(this.#objects, file.slice(0, 2), file);
  }
}

async function writeSynced(
  path: string,
  source: AsyncIterable<Uint8Array>,
): Promise<Omit<StoredFile, "file">> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const hash = createHash("md5");
  let size = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    size += chunk.length;
    let written = 0;
    while (written < chunk.length) {
      written += await file.write(chunk.subarray(written));
    }
  }
  await file.sync();
  return { size, md5: hash.digest("hex") };
}

/** Makes a rename in a folder durable. Windows has no such call, and needs none. */
async function syncDirectory(path: string): Promise<void> {
  if (Deno.build.os === "windows") return;
  using folder = await Deno.open(path, { read: true });
  await folder.sync();
}

async function removeIfThere(path: string): Promise<void> {
  try {
    await Deno.remove(path);
  } catch (error) {
    // On Windows a file that is being read cannot be removed: the next start does it.
    const passed = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.Busy;
    if (!passed) throw error;
  }
}
