/**
 * Changes of what nodes hold.
 *
 * @module
 */

import { nodeNotFound } from "../refusal.ts";
import { randomBytes } from "node:crypto";
import type { Collector } from "./collector.ts";
import type { Database } from "./database.ts";
import type { Duplicates } from "./duplicates.ts";
import type { Nodes } from "./nodes.ts";
import type { ObjectFiles } from "./object_files.ts";
import type { Content, ObjectAddress, ObjectRow, Objects } from "./objects.ts";
import { placeFiles } from "./place_files.ts";
import { digestOf, newHash, type RunningHashes } from "./running_hashes.ts";

/** What {@linkcode Contents} works on. */
export interface ContentsOptions {
  /** The database. */
  readonly database: Database;
  /** The tree of nodes. */
  readonly nodes: Nodes;
  /** The index of objects. */
  readonly objects: Objects;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** Removes what is unused. */
  readonly collector: Collector;
  /** Finds objects that hold the same. */
  readonly duplicates: Duplicates;
  /** The checksums that can be continued. */
  readonly hashes: RunningHashes;
}

/** How {@linkcode Contents.putObject} puts an object in place. */
export interface PutOptions {
  /** Its media type. */
  readonly contentType: string;
  /**
   * Looks, in the transaction, whether the object may be put there; else it throws.
   *
   * @param object The object that would be replaced; undefined if there is none.
   */
  readonly check?: ((object: ObjectRow | undefined) => void) | undefined;
}

/** The media type of an object whose sender named none. */
export const DEFAULT_CONTENT_TYPE = "application/octet-stream";

/** What nodes hold. When a method has returned, its change survives the end of the process. */
export class Contents {
  readonly #options: ContentsOptions;

  /** @param options What to work on. */
  constructor(options: ContentsOptions) {
    this.#options = options;
  }

  /**
   * Writes what may become an object.
   *
   * @param source The bytes.
   * @returns The content; put it in place or discard it.
   */
  async write(source: AsyncIterable<Uint8Array>): Promise<Content> {
    const { files, hashes } = this.#options;
    const hash = newHash();
    const file = await files.write(source, (bytes) => hash.update(bytes));
    hashes.keep(file, hash);
    return { segments: [file], md5: digestOf(hash) };
  }

  /**
   * Removes what becomes no object.
   *
   * @param content The content.
   */
  async discard(content: Content): Promise<void> {
    await this.#options.files.remove(filesOf(content));
  }

  /**
   * Puts a content in place as an object.
   *
   * @param address Where the object is to be.
   * @param content The content; it is removed if it cannot be put in place.
   * @param options Its media type, and on which condition.
   * @returns The object.
   * @throws {Refusal} If the node has gone meanwhile.
   */
  async putObject(
    address: ObjectAddress,
    content: Content,
    { contentType, check }: PutOptions,
  ): Promise<ObjectRow> {
    const { nodes, objects, duplicates } = this.#options;
    const object = await placeFiles(filesOf(content), {
      ...this.#options,
      change() {
        if (!nodes.byId(address.nodeId)) throw nodeNotFound(address.nodeId);
        check?.(objects.get(address));
        return objects.put(address, content, contentType);
      },
    });
    duplicates.look(object);
    return object;
  }

  /**
   * Makes a copy of an object that is in the same files, which takes no time and no room. Either may grow afterwards.
   *
   * @param from The object.
   * @param to Where the copy is to be; an object that is there is replaced.
   * @returns The copy; undefined if there is no such object.
   * @throws {Refusal} If the copy's node is not there.
   */
  async shareObject(
    from: ObjectAddress,
    to: ObjectAddress,
  ): Promise<ObjectRow | undefined> {
    const { nodes, objects, hashes } = this.#options;
    return await placeFiles([], {
      ...this.#options,
      change() {
        if (!nodes.byId(to.nodeId)) throw nodeNotFound(to.nodeId);
        const object = objects.get(from);
        if (object === undefined) return undefined;
        const copy = objects.put(to, {
          segments: objects.segments(object),
          md5: object.md5,
          name: randomBytes(16).toString("hex"),
        }, object.content_type);
        const hash = hashes.resume(object);
        if (hash !== undefined) hashes.keep(copy, hash);
        return copy;
      },
    });
  }

  /**
   * Deletes objects of a node, all or none.
   *
   * @param nodeId The node.
   * @param keys Their keys.
   * @returns How many were there.
   */
  async deleteObjects(
    nodeId: string,
    keys: readonly string[],
  ): Promise<number> {
    const { database, objects, collector } = this.#options;
    const deleted = database.transaction(() =>
      keys.filter((key) => objects.delete({ nodeId, key }))
    );
    await collector.dropped();
    return deleted.length;
  }
}

function filesOf({ segments }: Content): string[] {
  return segments.map(({ file }) => file);
}
