/**
 * The index of objects: which key of which node is in which file.
 *
 * @module
 */

import type { ObjectRecord } from "../../aistore/protocol.ts";
import type { Database, Query } from "./database.ts";
import { sizeOf } from "./object_files.ts";
import type { PageRequest, PageRows } from "./page.ts";
import type { StoredFile } from "./segment_reader.ts";

/** An object as it is stored. */
export interface ObjectRow {
  /** The node it belongs to. */
  readonly node_id: string;
  /** Its key below the node. */
  readonly key: string;
  /** By which it is told from another that replaces it: the first of its files, or if others share that, a name of its own. */
  readonly file: string;
  /** Its length in bytes. */
  readonly size: number;
  /** MD5 of its content, lower-case hex. */
  readonly md5: string;
  /** Its media type. */
  readonly content_type: string;
  /** When it was stored or grew, Unix seconds. */
  readonly mtime: number;
}

/** Where an object is, or is to be. */
export interface ObjectAddress {
  /** The node it belongs to. */
  readonly nodeId: string;
  /** Its key below the node. */
  readonly key: string;
}

/** What an object is made of. */
export interface Content {
  /** Its files, in order; at least one. If they are nobody else's, the first gives the object its name. */
  readonly segments: readonly StoredFile[];
  /** MD5 of the whole, lower-case hex. */
  readonly md5: string;
  /** The object's name, where its files are others', too. */
  readonly name?: string | undefined;
}

/** How an object grows. */
export interface Growth {
  /** The file that holds what is new: the last one with more in it, or one after it. */
  readonly segment: StoredFile;
  /** How many bytes the whole object has then. */
  readonly size: number;
  /** MD5 of the whole, lower-case hex. */
  readonly md5: string;
}

/** The objects of all nodes. */
export class Objects {
  readonly #now: () => Date;
  readonly #get: Query<ObjectRow>;
  readonly #list: Query<ObjectRow>;
  readonly #count: Query<{ total: number }>;
  readonly #segments: Query<StoredFile>;
  readonly #put: ReturnType<Database["command"]>;
  readonly #grow: ReturnType<Database["command"]>;
  readonly #growSegment: ReturnType<Database["command"]>;
  readonly #putSegment: ReturnType<Database["command"]>;
  readonly #clearSegments: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#now = now;
    this.#get = database.query(
      "SELECT * FROM objects WHERE node_id = ? AND key = ?",
    );
    this.#list = database.query(
      "SELECT * FROM objects WHERE node_id = ? ORDER BY key LIMIT ? OFFSET ?",
    );
    this.#count = database.query(
      "SELECT count(*) AS total FROM objects WHERE node_id = ?",
    );
    this.#segments = database.query(
      "SELECT file, size, crc32 FROM segments WHERE object = ? ORDER BY number",
    );
    this.#put = database.command(
      "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#grow = database.command(
      `UPDATE objects SET size = ?, md5 = ?, mtime = ?
       WHERE node_id = ? AND key = ? AND file = ? AND size = ?`,
    );
    this.#growSegment = database.command(
      "UPDATE segments SET size = ?, crc32 = ? WHERE object = ? AND file = ?",
    );
    this.#putSegment = database.command(
      "INSERT INTO segments VALUES (?, ?, ?, ?, ?)",
    );
    this.#clearSegments = database.command(
      "DELETE FROM segments WHERE object = ?",
    );
    this.#delete = database.command(
      "DELETE FROM objects WHERE node_id = ? AND key = ?",
    );
  }

  /**
   * Finds an object.
   *
   * @param address Where it is.
   * @returns The object, or undefined.
   */
  get(address: ObjectAddress): ObjectRow | undefined {
    return this.#get.get(address.nodeId, address.key);
  }

  /**
   * Lists the objects of a node, sorted by key.
   *
   * @param nodeId The node.
   * @param page Which page.
   * @returns The page.
   */
  list(nodeId: string, { page, size }: PageRequest): PageRows<ObjectRow> {
    return {
      rows: this.#list.all(nodeId, size, (page - 1) * size),
      total: this.#count.get(nodeId)?.total ?? 0,
    };
  }

  /**
   * The files of an object.
   *
   * @param object The object.
   * @returns The files, in order.
   */
  segments(object: ObjectRow): StoredFile[] {
    return this.#segments.all(object.file);
  }

  /**
   * Stores an object, in place of the one that was there; part of a transaction of the caller's.
   *
   * @param address Where it is to be.
   * @param content What it is made of.
   * @param contentType Its media type.
   * @returns The object.
   */
  put(
    address: ObjectAddress,
    content: Content,
    contentType: string,
  ): ObjectRow {
    this.delete(address);
    const { segments, md5 } = content;
    const row: ObjectRow = {
      node_id: address.nodeId,
      key: address.key,
      file: content.name ?? segments[0]?.file ?? "",
      size: sizeOf(segments),
      md5,
      content_type: contentType,
      mtime: this.#seconds(),
    };
    this.#put(
      row.node_id,
      row.key,
      row.file,
      row.size,
      row.md5,
      row.content_type,
      row.mtime,
    );
    this.#putSegments(row, segments);
    return row;
  }

  /**
   * Has an object in other files that hold the same; part of a transaction of the caller's.
   *
   * @param object The object.
   * @param segments The files, in order.
   */
  moveTo(object: ObjectRow, segments: readonly StoredFile[]): void {
    this.#clearSegments(object.file);
    this.#putSegments(object, segments);
  }

  /**
   * Makes an object longer; part of a transaction of the caller's.
   *
   * @param object The object.
   * @param growth What it becomes.
   * @returns The object as it is then; undefined if it is not there any more as it was given.
   */
  grow(object: ObjectRow, growth: Growth): ObjectRow | undefined {
    const { segment, size, md5 } = growth;
    const mtime = this.#seconds();
    const { node_id, key, file } = object;
    if (!this.#grow(size, md5, mtime, node_id, key, file, object.size)) return;
    const crc = segment.crc32 ?? null;
    if (!this.#growSegment(segment.size, crc, file, segment.file)) {
      const number = this.#segments.all(file).length;
      this.#putSegment(file, number, segment.file, segment.size, crc);
    }
    return { ...object, size, md5, mtime };
  }

  /**
   * Deletes an object; part of a transaction of the caller's.
   *
   * @param address Where it is.
   * @returns Whether it was there.
   */
  delete(address: ObjectAddress): boolean {
    return this.#delete(address.nodeId, address.key) > 0;
  }

  #putSegments(object: ObjectRow, segments: readonly StoredFile[]): void {
    for (const [number, { file, size, crc32 }] of segments.entries()) {
      this.#putSegment(object.file, number, file, size, crc32 ?? null);
    }
  }

  #seconds(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }
}

/**
 * An object as clients see it.
 *
 * @param row The stored object.
 * @returns The record.
 */
export function describeObject(row: ObjectRow): ObjectRecord {
  return {
    checksum: row.md5,
    content_type: row.content_type,
    mtime: row.mtime,
    path: row.key,
    path_type: "object",
    physical_address: `local://objects/${row.file.slice(0, 2)}/${row.file}`,
    size_bytes: row.size,
  };
}
