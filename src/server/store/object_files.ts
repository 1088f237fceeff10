/**
 * The bytes of objects, in files under random names.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { crc32 } from "node:zlib";
import { join } from "@std/path";
import { buffers } from "../buffer_pool.ts";
import { READ_CHUNK_BYTES } from "../limits.ts";
import { type Durability, syncFolder, syncFolderSync } from "./durability.ts";
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

/** Files that are being read. */
export interface OpenFiles {
  /** Reads them. */
  readonly reader: SegmentReader;
  /** Ends the reading. */
  readonly end: () => Promise<void>;
}

/** A file that was written whole. */
export interface WrittenFile extends StoredFile {
  readonly crc32: number;
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
  readonly #isSynced: boolean;
  /** The folders that are there, and will be after power loss. */
  readonly #folders = new Map<string, Promise<void>>();
  /** How many make a file longer, or share it. */
  readonly #held = new Map<string, number>();
  /** How many read a file. */
  readonly #readers = new Map<string, number>();
  /** Files to be removed when nobody reads them any more. */
  readonly #doomed = new Set<string>();

  /**
   * @param dataDir The data folder.
   * @param durability What a file that was written survives. Default: `full`.
   */
  constructor(dataDir: string, durability: Durability = "full") {
    this.#isSynced = durability === "full";
    this.#objects = join(dataDir, "objects");
    this.#temporary = join(dataDir, "tmp");
    Deno.mkdirSync(this.#objects, { recursive: true });
    Deno.mkdirSync(this.#temporary, { recursive: true });
    if (this.#isSynced) syncFolderSync(dataDir);
  }

  /**
   * Writes a file. When this returns it is complete and, with full durability, on disk; when it throws nothing is left
   * of it.
   *
   * @param source The content; each piece must be good until the one after the next is asked for.
   * @param onChunk Sees it pass.
   * @returns The file.
   */
  async write(
    source: AsyncIterable<Uint8Array>,
    onChunk: TakeBytes = () => {},
  ): Promise<WrittenFile> {
    const file = randomBytes(16).toString("hex");
    const temporary = join(this.#temporary, file);
    try {
      let crc = 0;
      const size = await this.#writeTemporary(temporary, source, (bytes) => {
        crc = crc32(bytes, crc);
        onChunk(bytes);
      });
      const folder = join(this.#objects, file.slice(0, 2));
      await this.#makeFolder(folder);
      await Deno.rename(temporary, this.pathOf(file));
      if (this.#isSynced) await syncFolder(folder);
      return { file, size, crc32: crc };
    } catch (error) {
      await removeIfThere(temporary);
      throw error;
    }
  }

  /**
   * Writes bytes behind those of a file that count. When this returns they are there and, with full
   * durability, on disk.
   *
   * @param stored The file.
   * @param bytes The bytes.
   * @returns The file with them.
   * @throws {Deno.errors.NotFound} If the file was removed meanwhile.
   */
  async extend(stored: StoredFile, bytes: Uint8Array): Promise<StoredFile> {
    using file = await Deno.open(this.pathOf(stored.file), { write: true });
    await file.seek(stored.size, Deno.SeekMode.Start);
    await writeAll(file, bytes);
    if (this.#isSynced) await file.syncData();
    const known = typeof stored.crc32 === "number";
    return {
      file: stored.file,
      size: stored.size + bytes.length,
      ...(known ? { crc32: crc32(bytes, stored.crc32) } : {}),
    };
  }

  /**
   * Keeps a file from being shared, while it is made longer.
   *
   * @param file Its name.
   * @returns Gives it free.
   */
  hold(file: string): Disposable {
    this.#held.set(file, (this.#held.get(file) ?? 0) + 1);
    return {
      [Symbol.dispose]: () => {
        const others = (this.#held.get(file) ?? 1) - 1;
        if (others > 0) this.#held.set(file, others);
        else this.#held.delete(file);
      },
    };
  }

  /**
   * Whether somebody is making a file longer.
   *
   * @param file Its name.
   * @returns Whether it is so.
   */
  isHeld(file: string): boolean {
    return this.#held.has(file);
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
    const { reader, end } = this.open(segments, range);
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
    const { reader, end } = this.open(segments, { start: 0, end: size });
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
      else await removeIfThere(this.pathOf(file));
    }));
  }

  /**
   * Removes what a crash left behind. The folders of names stay, for somebody may be about to use them.
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

  /**
   * Opens files to be read as one. They stay until that has ended.
   *
   * @param segments The files, in order.
   * @param range Which bytes.
   * @returns The reader, and what ends it.
   */
  open(segments: readonly StoredFile[], range: ByteRange): OpenFiles {
    const files = segments.map(({ file }) => file);
    for (const file of files) {
      this.#readers.set(file, (this.#readers.get(file) ?? 0) + 1);
    }
    const pathOf = (file: string) => this.pathOf(file);
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

  async #writeTemporary(
    path: string,
    source: AsyncIterable<Uint8Array>,
    onChunk: TakeBytes,
  ): Promise<number> {
    using file = await Deno.open(path, { write: true, createNew: true });
    const size = await writeFrom(source, file, onChunk);
    if (this.#isSynced) await file.syncData();
    return size;
  }

  /** Makes a folder once, durably: else power loss could take it with all that was renamed into it. */
  #makeFolder(path: string): Promise<void> {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const making = Deno.mkdir(path, { recursive: true }).then(() =>
      this.#isSynced ? syncFolder(this.#objects) : undefined
    );
    this.#folders.set(path, making);
    making.catch(() => this.#folders.delete(path));
    return making;
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

async function writeFrom(
  source: AsyncIterable<Uint8Array>,
  file: Deno.FsFile,
  onChunk: TakeBytes,
): Promise<number> {
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
  return size;
}

async function writeAll(file: Deno.FsFile, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    written += await file.write(bytes.subarray(written));
  }
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
