/**
 * Objects that arrive in parts.
 *
 * @module
 */

import { crcETag, crcOfETag, ERROR_TEXTS } from "../../aistore/protocol.ts";
import { KEPT_PREFIXES, UPLOAD_LIFETIME_MS } from "../limits.ts";
import { invalid, Refusal } from "../refusal.ts";
import { DEFAULT_CONTENT_TYPE } from "./contents.ts";
import type { Collector } from "./collector.ts";
import type { Database } from "./database.ts";
import type { Duplicates } from "./duplicates.ts";
import type { ObjectFiles } from "./object_files.ts";
import type { ObjectAddress, ObjectRow, Objects } from "./objects.ts";
import { HashThread } from "./hash_thread.ts";
import { placeFiles } from "./place_files.ts";
import { PrefixHash } from "./prefix_hash.ts";
import type { RunningHashes } from "./running_hashes.ts";
import type { PartRow, Uploads } from "./uploads.ts";

/** What {@linkcode PartUploads} works on. */
export interface PartUploadsOptions {
  /** The database. */
  readonly database: Database;
  /** The index of objects. */
  readonly objects: Objects;
  /** The index of uploads. */
  readonly uploads: Uploads;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** Removes what is unused. */
  readonly collector: Collector;
  /** Finds objects that hold the same. */
  readonly duplicates: Duplicates;
  /** The checksums that can be continued. */
  readonly hashes: RunningHashes;
  /** The clock. */
  readonly now: () => Date;
}

/** Which part is received. */
export interface PartAddress {
  /** The upload. */
  readonly uploadId: string;
  /** The part's number. */
  readonly number: number;
}

/** A part as a client names it when it completes an upload. */
export interface PartReference {
  /** The part's number. */
  readonly partNumber: number;
  /** What the server answered when the part was sent, with or without quotes. */
  readonly etag: string;
}

/** An upload that is being completed. */
interface Completion {
  /** The parts that were named. */
  readonly references: string;
  /** What becomes of it. */
  readonly object: Promise<ObjectRow>;
}

/**
 * Uploads in parts. The files of the parts become those of the object, so that to complete an upload is to write a few
 * rows; and the checksum of the whole is made while the parts arrive.
 */
export class PartUploads implements Disposable {
  readonly #options: PartUploadsOptions;
  readonly #completing = new Map<string, Completion>();
  readonly #prefixes = new Map<string, PrefixHash>();
  readonly #thread = new HashThread();

  /** @param options What to work on. */
  constructor(options: PartUploadsOptions) {
    this.#options = options;
  }

  /**
   * Begins an upload. Those that nobody completed for long are given up.
   *
   * @param address Where the object is to be.
   * @returns The upload's id.
   */
  async begin(address: ObjectAddress): Promise<string> {
    await this.clearStale();
    return this.#options.uploads.begin(address);
  }

  /** Gives up the uploads that nobody completed within {@linkcode UPLOAD_LIFETIME_MS}. */
  async clearStale(): Promise<void> {
    const { uploads, now } = this.#options;
    const time = new Date(now().getTime() - UPLOAD_LIFETIME_MS);
    const stale = uploads.begunBefore(time)
      .filter((id) => !this.#completing.has(id));
    await Promise.all(stale.map((id) => this.abort(id)));
  }

  /**
   * Writes what may become a part.
   *
   * @param address Which part.
   * @param source The bytes.
   * @returns The part; put it in place or discard it.
   */
  async write(
    { uploadId, number }: PartAddress,
    source: AsyncIterable<Uint8Array>,
  ): Promise<PartRow> {
    const lane = this.#prefix(uploadId).lane(number);
    try {
      const file = await this.#options.files.write(
        source,
        (bytes) => lane?.update(bytes),
      );
      lane?.arrived(file);
      return { number, ...file, etag: crcETag(file.crc32) };
    } catch (error) {
      lane?.failed();
      throw error;
    }
  }

  /**
   * Removes what becomes no part.
   *
   * @param part The part.
   */
  async discard(part: PartRow): Promise<void> {
    await this.#options.files.remove([part.file]);
  }

  /**
   * Puts a part in place, instead of the one with its number.
   *
   * @param uploadId The upload.
   * @param part The part; it is removed if it cannot be put in place.
   * @throws {Refusal} If the upload has gone meanwhile, or is being completed.
   */
  async put(uploadId: string, part: PartRow): Promise<void> {
    const { uploads } = this.#options;
    await placeFiles([part.file], {
      ...this.#options,
      change: () => {
        this.#required(uploadId);
        uploads.putPart(uploadId, part);
      },
    });
    this.#prefix(uploadId).catchUp();
  }

  /**
   * Makes the parts of an upload one object, and ends the upload. Who asks once more meanwhile, because no answer came,
   * gets the same answer.
   *
   * @param uploadId The upload.
   * @param references The parts, by rising number.
   * @returns The object.
   * @throws {Refusal} If a part is not there or not the one that was sent.
   */
  async complete(
    uploadId: string,
    references: readonly PartReference[],
  ): Promise<ObjectRow> {
    const text = JSON.stringify(
      references.map(({ partNumber, etag }) => [partNumber, etag]),
    );
    const underWay = this.#completing.get(uploadId);
    if (underWay?.references === text) return await underWay.object;
    this.#required(uploadId);
    const parts = chooseParts(
      this.#options.uploads.parts(uploadId),
      references,
    );
    const object = this.#join(uploadId, parts);
    this.#completing.set(uploadId, { references: text, object });
    try {
      return await object;
    } finally {
      this.#completing.delete(uploadId);
    }
  }

  /**
   * Gives an upload up.
   *
   * @param uploadId The upload.
   * @throws {Refusal} If it is not there, or is being completed.
   */
  async abort(uploadId: string): Promise<void> {
    const { uploads, collector } = this.#options;
    this.#required(uploadId);
    uploads.delete(uploadId);
    await this.#forget(uploadId);
    await collector.dropped();
  }

  /** Ends what goes on in the background. */
  [Symbol.dispose](): void {
    for (const id of [...this.#prefixes.keys()]) this.#forget(id);
  }

  async #join(uploadId: string, parts: readonly PartRow[]): Promise<ObjectRow> {
    const { uploads, hashes, duplicates } = this.#options;
    try {
      const { md5, hash } = await this.#prefix(uploadId).finish(parts);
      const object = await this.#place(uploadId, parts, md5);
      if (hash !== undefined) hashes.keep(object, hash);
      await this.#forget(uploadId);
      duplicates.look(object);
      return object;
    } catch (error) {
      // Somebody deleted the node, and the parts with it.
      if (uploads.get(uploadId)) throw error;
      throw uploadNotFound(uploadId);
    }
  }

  #place(
    uploadId: string,
    parts: readonly PartRow[],
    md5: string,
  ): Promise<ObjectRow> {
    const { objects, uploads } = this.#options;
    return placeFiles([], {
      ...this.#options,
      change() {
        const address = uploads.get(uploadId);
        if (address === undefined) throw uploadNotFound(uploadId);
        uploads.delete(uploadId);
        const segments = parts.map((part) => ({
          ...part,
          crc32: crcOfETag(part.etag),
        }));
        return objects.put(address, { segments, md5 }, DEFAULT_CONTENT_TYPE);
      },
    });
  }

  #required(uploadId: string): void {
    if (!this.#options.uploads.get(uploadId)) throw uploadNotFound(uploadId);
    if (this.#completing.has(uploadId)) {
      throw new Refusal(409, `upload [${uploadId}] is being completed`);
    }
  }

  #prefix(uploadId: string): PrefixHash {
    const known = this.#prefixes.get(uploadId);
    if (known !== undefined) return known;
    const { files, uploads } = this.#options;
    const prefix = new PrefixHash(
      files,
      this.#thread,
      () => uploads.parts(uploadId),
    );
    this.#prefixes.set(uploadId, prefix);
    const [oldest] = this.#prefixes.keys();
    if (this.#prefixes.size > KEPT_PREFIXES && oldest !== undefined) {
      this.#forget(oldest);
    }
    return prefix;
  }

  async #forget(uploadId: string): Promise<void> {
    const prefix = this.#prefixes.get(uploadId);
    this.#prefixes.delete(uploadId);
    await prefix?.[Symbol.asyncDispose]();
  }
}

/**
 * 404 for a multipart upload.
 *
 * @param uploadId Its id.
 * @returns The refusal.
 */
export function uploadNotFound(uploadId: string): Refusal {
  return new Refusal(404, `${ERROR_TEXTS.uploadNotFound} [${uploadId}]`);
}

function chooseParts(
  received: readonly PartRow[],
  references: readonly PartReference[],
): PartRow[] {
  if (references.length === 0) throw invalid("invalid parts: there are none");
  const byNumber = new Map(received.map((part) => [part.number, part]));
  let last = 0;
  return references.map(({ partNumber, etag }) => {
    if (partNumber <= last) {
      throw invalid("invalid parts: the numbers must rise");
    }
    last = partNumber;
    const part = byNumber.get(partNumber);
    if (part === undefined || part.etag !== etag.replaceAll('"', "")) {
      throw invalid(
        `invalid parts: part ${partNumber} was not received with that etag`,
      );
    }
    return part;
  });
}
