/**
 * The bytes of objects, each stored version in a file of its own under a random name.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";
import { join } from "@std/path";
import { JOIN_CHUNK_BYTES, READ_CHUNK_BYTES } from "../limits.ts";

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
  write(source: AsyncIterable<Uint8Array>): Promise<StoredFile> {
    return this.#place((path) => writeSynced(path, source));
  }

  /**
   * Writes a file out of others. When this returns it is complete and on disk; when it throws nothing is left of it.
   *
   * @param stored The files, in order.
   * @returns The file.
   */
  join(stored: readonly StoredFile[]): Promise<StoredFile> {
    return this.#place(async (path) => {
      const paths = stored.map(({ file }) => this.#pathOf(file));
      const joined = await joinSynced(path, paths);
      if (joined.size === stored.reduce((sum, { size }) => sum + size, 0)) {
        return joined;
      }
      throw new Error("a part is cut short");
    });
  }

  async #place(
    write: (path: string) => Promise<Omit<StoredFile, "file">>,
  ): Promise<StoredFile> {
    const file = randomBytes(16).toString("hex");
    const temporary = join(this.#temporary, file);
    try {
      const written = await write(temporary);
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
   * Removes files.
   *
   * @param files Their names. One that is not there, or that the system does not let go, is passed over.
   */
  async remove(files: Iterable<string>): Promise<void> {
    await Promise.all(
      Array.from(files, (file) => removeIfThere(this.#pathOf(file))),
    );
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
    await writeAll(file, chunk);
  }
  await file.sync();
  return { size, md5: hash.digest("hex") };
}

/** Writes what was read last while the next piece is being read: a large object is as long as its parts together. */
async function joinSynced(
  path: string,
  parts: readonly string[],
): Promise<Omit<StoredFile, "file">> {
  using file = await Deno.open(path, { write: true, createNew: true });
  const hash = createHash("md5");
  const buffers = [0, 1].map(() => new Uint8Array(JOIN_CHUNK_BYTES));
  let size = 0;
  let pieces = 0;
  let writing: Promise<void> = Promise.resolve();
  for (const part of parts) {
    using source = await Deno.open(part, { read: true });
    while (true) {
      const buffer = buffers[pieces++ % 2] ?? new Uint8Array();
      const [count] = await Promise.all([source.read(buffer), writing]);
      if (count === null) break;
      const piece = buffer.subarray(0, count);
      size += count;
      writing = writeAll(file, piece);
      writing.catch(() => {});
      hash.update(piece);
    }
  }
  await writing;
  await file.sync();
  return { size, md5: hash.digest("hex") };
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
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
