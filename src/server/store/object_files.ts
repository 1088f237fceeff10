/**
 * The bytes of objects, in files under random names.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { join } from "@std/path";
import { buffers } from "../buffer_pool.ts";
import { READ_CHUNK_BYTES } from "../limits.ts";
import {
  type ByteRange,
  SegmentReader,
  type StoredFile,
} from "./segment_reader.ts";

/** How {@linkcode ObjectFiles.read} reads. */
export interface ReadOptions {
  /** The bytes that are wanted. */
  readonly range: ByteRange;
  /** Breaks the reading off. */
  readonly signal?: AbortSignal | undefined;
  /** Whether who takes a piece has sent it when the next is asked for, and does not look at it again. Default: false. */
  readonly isSentAtOnce?: boolean | undefined;
}

/** Takes bytes; they are good until it returns. */
export type TakeBytes = (bytes: Uint8Array) => void;

/**
 * The files below a data folder: `objects/<first two letters>/<name>`, and `tmp/<name>` while they are written.
 * Nothing here knows what a file belongs to.
 */
export class ObjectFiles {
  readonly #objects: string;
  readonly #temporary: string;
  /** How many read a file. */
  readonly #readers = new Map<string, number>();
  /** Files to be removed when nobody reads them any more. */
  readonly #doomed = new Set<string>();

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
   * @param source The content; each piece must be good until the one after the next is asked for.
   * @param onChunk Sees it pass.
   * @returns The file.
   */
  async write(
    source: AsyncIterable<Uint8Array>,
    onChunk: TakeBytes = () => {},
  ): Promise<StoredFile> {
    const file = randomBytes(16).toString("hex");
    const temporary = join(this.#temporary, file);
    try {
      const size = await writeSynced(temporary, source, onChunk);
      const folder = join(this.#objects, file.slice(0, 2));
      await Deno.mkdir(folder, { recursive: true });
      await Deno.rename(temporary, this.#pathOf(file));
      await syncDirectory(folder);
      return { file, size };
    } catch (error) {
      await removeIfThere(temporary);
      throw error;
    }
  }

  /**
   * Writes bytes behind those of a file that count. When this returns they are on disk.
   *
   * @param stored The file.
   * @param bytes The bytes.
   * @returns The file with them.
   * @throws {Deno.errors.NotFound} If the file was removed meanwhile.
   */
  async extend(stored: StoredFile, bytes: Uint8Array): Promise<StoredFile> {
    using file = await Deno.open(this.#pathOf(stored.file), { write: true });
    await file.seek(stored.size, Deno.SeekMode.Start);
    await writeAll(file, bytes);
    await file.syncData();
    return { file: stored.file, size: stored.size + bytes.length };
  }

  /**
   * Reads files as one. They are read to their end even if they are removed meanwhile.
   *
   * @param segments The files, in order.
   * @param options Which bytes, and how.
   * @returns The bytes.
   * @throws {Deno.errors.NotFound} If they are not there.
   */
  async read(
    segments: readonly StoredFile[],
    options: ReadOptions,
  ): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { range, signal, isSentAtOnce } = options;
    const { reader, end } = this.#reader(segments, range);
    try {
      await reader.open();
    } catch (error) {
      await end();
      throw error;
    }
    const abort = () => reader[Symbol.dispose]();
    signal?.addEventListener("abort", abort);
    const close = async () => {
      signal?.removeEventListener("abort", abort);
      await end();
    };
    let left = range.end - range.start;
    let sent: Uint8Array<ArrayBuffer> | undefined;
    return new ReadableStream<Uint8Array<ArrayBuffer>>({
      async pull(controller) {
        try {
          signal?.throwIfAborted();
          // Given up rather than left to be collected: whoever sends it has a hold of its own on it.
          if (isSentAtOnce) sent?.buffer.transfer(0);
          const chunk = new Uint8Array(Math.min(left, READ_CHUNK_BYTES));
          const count = left === 0 ? 0 : await reader.read(chunk) ?? 0;
          signal?.throwIfAborted();
          left -= count;
          sent = chunk;
          if (count > 0) controller.enqueue(chunk.subarray(0, count));
          if (left > 0) return;
        } catch (error) {
          await close();
          throw error;
        }
        await close();
        controller.close();
      },
      cancel: close,
    }, { highWaterMark: 0 });
  }

  /**
   * Reads files to their end, one after the other, through buffers that are used again.
   *
   * @param segments The files, in order.
   * @param take Takes the bytes.
   */
  async feed(segments: readonly StoredFile[], take: TakeBytes): Promise<void> {
    const size = sizeOf(segments);
    const { reader, end } = this.#reader(segments, { start: 0, end: size });
    const both = [buffers.take(), buffers.take()];
    const next = (at: number) => fill(reader, both[at % 2]);
    let reading = next(0);
    try {
      for (let at = 1;; at++) {
        const bytes = await reading;
        if (bytes.length === 0) return;
        reading = next(at);
        // It is awaited later; these bytes are taken meanwhile.
        reading.catch(() => {});
        take(bytes);
      }
    } finally {
      // Until then a buffer may be written to.
      await reading.catch(() => {});
      buffers.give(both);
      await end();
    }
  }

  /**
   * Removes files, those that are being read when that is over.
   *
   * @param files Their names. One that is not there, or that the system does not let go, is passed over.
   */
  async remove(files: Iterable<string>): Promise<void> {
    await Promise.all(Array.from(files, async (file) => {
      if (this.#readers.has(file)) this.#doomed.add(file);
      else await removeIfThere(this.#pathOf(file));
    }));
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

  /** A reader of files that stay until `end` is called. */
  #reader(segments: readonly StoredFile[], range: ByteRange) {
    const files = segments.map(({ file }) => file);
    for (const file of files) {
      this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    }
    const pathOf = (file: string) => this.#pathOf(file);
    const reader = new SegmentReader({ segments, range, pathOf });
    let ended = false;
    const end = async () => {
      reader[Symbol.dispose]();
      if (ended) return;
      ended = true;
      await this.#release(files);
    };
    return { reader, end };
  }

  async #release(files: readonly string[]): Promise<void> {
    const unread = files.filter((file) => {
      const others = (this.#readers.get(file) ?? 1) - 1;
      if (others > 0) this.#readers.set(file, others);
      else this.#readers.delete(file);
      return others === 0 && this.#doomed.delete(file);
    });
    await this.remove(unread);
  }

  /**
   * Where a file is, for who reads it in another thread.
   *
   * @param file Its name.
   * @returns Its path. Once nothing refers to the file any more there is none there.
   */
  pathOf(file: string): string {
    return this.#pathOf(file);
  }

  #pathOf(file: string): string {
    return join(this.#objects, file.slice(0, 2), file);
  }
}

/**
 * The length of files together.
 *
 * @param segments The files.
 * @returns How many bytes of them count.
 */
export function sizeOf(segments: readonly StoredFile[]): number {
  return segments.reduce((sum, { size }) => sum + size, 0);
}

/** Reads until a buffer is full, or nothing is left. */
async function fill(
  reader: SegmentReader,
  buffer: Uint8Array = new Uint8Array(),
): Promise<Uint8Array> {
  let filled = 0;
  while (filled < buffer.length) {
    const count = await reader.read(buffer.subarray(filled));
    if (count === null) break;
    filled += count;
  }
  return buffer.subarray(0, filled);
}

async function writeSynced(
  path: string,
  source: AsyncIterable<Uint8Array>,
  onChunk: TakeBytes,
): Promise<number> {
  using file = await Deno.open(path, { write: true, createNew: true });
  let size = 0;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of source) {
      await writing;
      writing = writeAll(file, chunk);
      // It is awaited later; a piece is read and taken meanwhile.
      writing.catch(() => {});
      onChunk(chunk);
      size += chunk.length;
    }
  } finally {
    // Until then the memory of the last piece is in use.
    await writing;
  }
  await file.syncData();
  return size;
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
