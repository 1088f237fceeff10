/**
 * Objects that grow at their end.
 *
 * @module
 */

import type { Hash } from "node:crypto";
import { APPEND_BUFFER_BYTES } from "../limits.ts";
import type { Collector } from "./collector.ts";
import type { Database } from "./database.ts";
import type { FileUses } from "./file_uses.ts";
import { KeyedLock } from "./keyed_lock.ts";
import { type ObjectFiles, sizeOf } from "./object_files.ts";
import type { ObjectAddress, ObjectRow, Objects } from "./objects.ts";
import { placeFiles } from "./place_files.ts";
import { digestOf, newHash, type RunningHashes } from "./running_hashes.ts";
import type { StoredFile } from "./segment_reader.ts";

/** What {@linkcode Appends} works on. */
export interface AppendsOptions {
  /** The database. */
  readonly database: Database;
  /** The index of objects. */
  readonly objects: Objects;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** What refers to files. */
  readonly uses: FileUses;
  /** Removes what is unused. */
  readonly collector: Collector;
  /** The checksums that can be continued. */
  readonly hashes: RunningHashes;
}

/** What is to be appended. */
export interface AppendOptions {
  /** How long the client takes the object to be. */
  readonly offset: number;
  /** The bytes, each piece good until the one after the next is asked for; reading them throws when the body breaks off. */
  readonly source: AsyncIterable<Uint8Array>;
}

/** What became of an append. */
export type AppendResult =
  | { readonly state: "appended"; readonly object: ObjectRow }
  | { readonly state: "mismatch"; readonly object: ObjectRow }
  | { readonly state: "gone" };

/** What was received: a few bytes, or a file of many. */
interface Tail {
  readonly size: number;
  readonly bytes?: Uint8Array;
  readonly file?: StoredFile;
}

/**
 * Appends to objects. Readers see an object as it was or as it is: what is written behind its last byte counts from the
 * moment at which its row says so, and a crash before that leaves bytes that the next append overwrites.
 */
export class Appends {
  readonly #options: AppendsOptions;
  readonly #lock = new KeyedLock();

  /** @param options What to work on. */
  constructor(options: AppendsOptions) {
    this.#options = options;
  }

  /**
   * Appends to an object. When this has returned `appended`, that survives the end of the process; otherwise nothing
   * was changed.
   *
   * @param address The object.
   * @param options The bytes, and where they go.
   * @returns The object as it is now.
   */
  async append(
    address: ObjectAddress,
    { offset, source }: AppendOptions,
  ): Promise<AppendResult> {
    const turn = `${address.nodeId}/${address.key}`;
    const { objects } = this.#options;
    const object = objects.get(address);
    if (object?.size !== offset) return refused(object);
    const hash = await this.#lock.run(turn, () => this.#hashOf(object));
    const tail = await this.#receive(source, hash);
    return await this.#lock.run(turn, async () => {
      const now = objects.get(address);
      const grown = isSame(now, object)
        ? await this.#place(object, tail, hash)
        : undefined;
      if (grown !== undefined) return { state: "appended", object: grown };
      if (tail.file) await this.#options.files.remove([tail.file.file]);
      return refused(objects.get(address));
    });
  }

  /** The checksum of an object so far. It is made anew after a restart. */
  async #hashOf(object: ObjectRow): Promise<Hash> {
    const { objects, files, hashes } = this.#options;
    const known = hashes.resume(object);
    if (known !== undefined) return known;
    const segments = objects.segments(object);
    const hash = newHash();
    // Deleted or replaced meanwhile: that is found out later, once and for all.
    if (sizeOf(segments) !== object.size) return hash;
    await files.feed(segments, (bytes) => hash.update(bytes));
    hashes.keep(object, hash);
    return hash.copy();
  }

  async #receive(
    source: AsyncIterable<Uint8Array>,
    hash: Hash,
  ): Promise<Tail> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    const iterator = source[Symbol.asyncIterator]();
    while (size <= APPEND_BUFFER_BYTES) {
      const { done, value } = await iterator.next();
      if (done) return { size, bytes: joined(chunks, size, hash) };
      chunks.push(value.slice());
      size += value.length;
    }
    const rest = { [Symbol.asyncIterator]: () => iterator };
    const file = await this.#options.files.write(
      concatenated(chunks, rest),
      (bytes) => hash.update(bytes),
    );
    return { size: file.size, file };
  }

  /** Puts what was received in place; undefined if the object is not what it was any more. */
  async #place(
    object: ObjectRow,
    tail: Tail,
    hash: Hash,
  ): Promise<ObjectRow | undefined> {
    if (tail.size === 0) return object;
    const { files, objects, hashes } = this.#options;
    const last = tail.file ? undefined : this.#growing(object);
    using _hold = last && files.hold(last.file);
    const segment = tail.file ?? await this.#write(last, tail.bytes);
    if (segment === undefined) return undefined;
    const growth = {
      segment,
      size: object.size + tail.size,
      md5: digestOf(hash),
    };
    const grown = await placeFiles(last ? [] : [segment.file], {
      ...this.#options,
      change: () => objects.grow(object, growth),
    });
    if (grown === undefined && !last) await files.remove([segment.file]);
    if (grown !== undefined) hashes.keep(grown, hash);
    return grown;
  }

  /** The last file of an object, if nobody else has it or is still writing to it. */
  #growing(object: ObjectRow): StoredFile | undefined {
    const { objects, files, uses } = this.#options;
    const last = objects.segments(object).at(-1);
    if (last === undefined || files.isHeld(last.file)) return undefined;
    return uses.isPrivate(last.file) ? last : undefined;
  }

  /** Writes behind what counts of a file, or to a new one; undefined if the file is not there any more. */
  async #write(
    last: StoredFile | undefined,
    bytes: Uint8Array = new Uint8Array(),
  ): Promise<StoredFile | undefined> {
    const { files } = this.#options;
    if (last === undefined) {
      return await files.write(ReadableStream.from([bytes]));
    }
    try {
      return await files.extend(last, bytes);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }
}

function isSame(now: ObjectRow | undefined, before: ObjectRow): boolean {
  return now?.file === before.file && now.size === before.size;
}

function refused(object: ObjectRow | undefined): AppendResult {
  return object === undefined
    ? { state: "gone" }
    : { state: "mismatch", object };
}

function joined(
  chunks: readonly Uint8Array[],
  size: number,
  hash: Hash,
): Uint8Array {
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  hash.update(bytes);
  return bytes;
}

async function* concatenated(
  chunks: readonly Uint8Array[],
  rest: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  yield* chunks;
  yield* rest;
}
