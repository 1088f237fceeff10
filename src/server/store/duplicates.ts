/**
 * Objects that hold the same are stored once.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  COMPARE_CHUNK_BYTES,
  MAX_WAITING_DUPLICATES,
  MIN_SHARED_BYTES,
} from "../limits.ts";
import type { Collector } from "./collector.ts";
import type { Database, Query } from "./database.ts";
import { type ObjectFiles, sizeOf } from "./object_files.ts";
import type { ObjectRow, Objects } from "./objects.ts";
import type { SegmentReader, StoredFile } from "./segment_reader.ts";

/** What {@linkcode Duplicates} works on. */
export interface DuplicatesOptions {
  /** The database. */
  readonly database: Database;
  /** The index of objects. */
  readonly objects: Objects;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** Removes what is unused. */
  readonly collector: Collector;
}

/** With how many objects one is compared whose checksums say that they are equal. */
const MOST_TWINS = 4;

/**
 * Looks, in the background, for an older object with the length and checksum of a new one, compares both byte by byte
 * (MD5 alone could be made to lie), and has the new one in the files of the older. Nobody waits for that, and
 * whoever reads the new one meanwhile goes on reading what was its files.
 */
export class Duplicates implements Disposable {
  readonly #options: DuplicatesOptions;
  readonly #named: Query<ObjectRow>;
  readonly #twins: Query<ObjectRow>;
  readonly #scattered: Query<{ file: string }>;
  readonly #waiting = new Set<string>();
  readonly #closing = new AbortController();
  #work: Promise<void> | undefined;

  /** @param options What to work on. */
  constructor(options: DuplicatesOptions) {
    this.#options = options;
    const { database } = options;
    this.#named = database.query("SELECT * FROM objects WHERE file = ?");
    this.#twins = database.query(
      `SELECT * FROM objects WHERE md5 = ? AND size = ? AND size >= ${MIN_SHARED_BYTES} AND file <> ?
       ORDER BY mtime LIMIT ${MOST_TWINS}`,
    );
    this.#scattered = database.query(
      `SELECT objects.file FROM objects JOIN (
         SELECT md5, objects.size FROM objects JOIN segments ON object = objects.file AND number = 0
         WHERE objects.size >= ${MIN_SHARED_BYTES} GROUP BY md5, objects.size
         HAVING count(DISTINCT segments.file) > 1
       ) AS several ON objects.md5 = several.md5 AND objects.size = several.size
       WHERE objects.size >= ${MIN_SHARED_BYTES} LIMIT ?`,
    );
  }

  /**
   * Looks whether there is an object with the same content, some time.
   *
   * @param object The object.
   */
  look(object: ObjectRow): void {
    const { size, file } = object;
    const isFull = this.#waiting.size >= MAX_WAITING_DUPLICATES;
    if (size < MIN_SHARED_BYTES || isFull) return;
    if (this.#closing.signal.aborted || this.#twinsOf(object).length === 0) {
      return;
    }
    this.#waiting.add(file);
    this.#work ??= this.#run().finally(() => this.#work = undefined);
  }

  /** Looks at all objects, such as those that were stored by a version that did not. */
  lookAtAll(): void {
    for (const { file } of this.#scattered.all(MAX_WAITING_DUPLICATES)) {
      const object = this.#named.get(file);
      if (object !== undefined) this.look(object);
    }
  }

  /** Settles when nothing is left to be compared. */
  async settled(): Promise<void> {
    await this.#work;
  }

  /** Ends the work. */
  [Symbol.dispose](): void {
    this.#waiting.clear();
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    for (const file of this.#waiting) {
      try {
        await this.#unite(file);
      } catch (error) {
        // Deleted meanwhile, or unreadable: it stays as it is, and who reads it meets the same trouble.
        if (!(error instanceof Error)) throw error;
      }
      this.#waiting.delete(file);
    }
  }

  async #unite(file: string): Promise<void> {
    const { objects, collector } = this.#options;
    const object = this.#named.get(file);
    for (const twin of object ? this.#twinsOf(object) : []) {
      if (object === undefined) return;
      const own = objects.segments(object);
      const others = objects.segments(twin);
      if (own[0]?.file === others[0]?.file) return;
      if (!await this.#areEqual(own, others)) continue;
      if (this.#move({ object, own, twin, others })) {
        return await collector.dropped();
      }
    }
  }

  /** Has an object in the files of its twin, unless one of them has changed since. */
  #move({ object, own, twin, others }: Pair): boolean {
    const { database, objects, files } = this.#options;
    if (this.#closing.signal.aborted) return false;
    if ([...own, ...others].some(({ file }) => files.isHeld(file))) {
      return false;
    }
    return database.transaction(() => {
      const isSame = isEqual(this.#named.get(object.file), object) &&
        isEqual(this.#named.get(twin.file), twin) &&
        isEqual(objects.segments(object), own) &&
        isEqual(objects.segments(twin), others);
      if (isSame) objects.moveTo(object, others);
      return isSame;
    });
  }

  #twinsOf({ md5, size, file }: ObjectRow): ObjectRow[] {
    return this.#twins.all(md5, size, file);
  }

  async #areEqual(
    some: readonly StoredFile[],
    others: readonly StoredFile[],
  ): Promise<boolean> {
    const range = { start: 0, end: sizeOf(some) };
    const one = this.#options.files.open(some, range);
    const other = this.#options.files.open(others, range);
    const first = Buffer.alloc(COMPARE_CHUNK_BYTES);
    const second = Buffer.alloc(COMPARE_CHUNK_BYTES);
    try {
      for (let at = 0; at < range.end;) {
        this.#closing.signal.throwIfAborted();
        const length = Math.min(first.length, range.end - at);
        await fill(one.reader, first.subarray(0, length));
        await fill(other.reader, second.subarray(0, length));
        if (!first.subarray(0, length).equals(second.subarray(0, length))) {
          return false;
        }
        at += length;
      }
      return true;
    } finally {
      await one.end();
      await other.end();
    }
  }
}

/** Two objects, and the files in which they were when they were compared. */
interface Pair {
  readonly object: ObjectRow;
  readonly own: readonly StoredFile[];
  readonly twin: ObjectRow;
  readonly others: readonly StoredFile[];
}

function isEqual(some: unknown, others: unknown): boolean {
  return JSON.stringify(some) === JSON.stringify(others);
}

async function fill(reader: SegmentReader, buffer: Uint8Array): Promise<void> {
  for (let filled = 0; filled < buffer.length;) {
    const count = await reader.read(buffer.subarray(filled));
    if (count === null) throw new Error("an object is cut short");
    filled += count;
  }
}
