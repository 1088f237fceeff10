/**
 * The index of objects: which key of which node is in which file.
 *
 * @module
 */

import type { ObjectRecord } from "../../aistore/protocol.ts";
import type { Database, Query } from "./database.ts";
import type { StoredFile } from "./object_files.ts";
import type { PageRequest, PageRows } from "./page.ts";

/** An object as it is stored. */
export interface ObjectRow extends StoredFile {
  /** The node it belongs to. */
  readonly node_id: string;
  /** Its key below the node. */
  readonly key: string;
  /** Its media type. */
  readonly content_type: string;
  /** When it was stored, Unix seconds. */
  readonly mtime: number;
}

/** Where an object is, or is to be. */
export interface ObjectAddress {
  /** The node it belongs to. */
  readonly nodeId: string;
  /** Its key below the node. */
  readonly key: string;
}

/** The objects of all nodes. */
export class Objects {
  readonly #now: () => Date;
  readonly #get: Query<ObjectRow>;
  readonly #list: Query<ObjectRow>;
  readonly #count: Query<{ total: number }>;
  readonly #known: Query<unknown>;
  readonly #put: ReturnType<Database["command"]>;
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
    this.#known = database.query("SELECT 1 FROM objects WHERE file = ?");
    this.#put = database.command(
      "INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
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
   * Whether an object is in a file.
   *
   * @param file The file's name.
   * @returns Whether it is.
   */
  knows(file: string): boolean {
    return this.#known.get(file) !== undefined;
  }

  /**
   * Stores an object, in place of the one that was there.
   *
   * @param address Where it is to be.
   * @param stored Its file.
   * @param contentType Its media type.
   * @returns The object.
   */
  put(
    address: ObjectAddress,
    stored: StoredFile,
    contentType: string,
  ): ObjectRow {
    const row: ObjectRow = {
      node_id: address.nodeId,
      key: address.key,
      ...stored,
      content_type: contentType,
      mtime: Math.floor(this.#now().getTime() / 1000),
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
    return row;
  }

  /**
   * Deletes an object.
   *
   * @param address Where it is.
   * @returns Whether it was there.
   */
  delete(address: ObjectAddress): boolean {
    return this.#delete(address.nodeId, address.key) > 0;
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
