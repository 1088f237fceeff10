/**
 * Listings of the objects of a node.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import type { ObjectRow, Objects } from "./objects.ts";
import type { PageRequest, PageRows } from "./page.ts";

/** Which objects to list. */
export interface ObjectFilter extends PageRequest {
  /** Only keys that begin so. */
  readonly prefix?: string | undefined;
  /** Only keys with this text in them; `A` to `Z` are as good as `a` to `z`. */
  readonly search?: string | undefined;
}

const MATCHING = `
  FROM objects WHERE node_id = ?1
  AND key >= ?2 AND substr(key, 1, length(?2)) = ?2
  AND instr(lower(key), lower(?3))`;

/** Lists the objects of a node that fit a filter, sorted by key. */
export class ObjectLists {
  readonly #objects: Objects;
  readonly #keys: Query<{ key: string }>;
  readonly #count: Query<{ total: number }>;

  /**
   * @param database The database.
   * @param objects The objects.
   */
  constructor(database: Database, objects: Objects) {
    this.#objects = objects;
    this.#keys = database.query(
      `SELECT key ${MATCHING} ORDER BY key LIMIT ?4 OFFSET ?5`,
    );
    this.#count = database.query(`SELECT count(*) AS total ${MATCHING}`);
  }

  /**
   * Lists objects of a node.
   *
   * @param nodeId The node.
   * @param filter Which objects, and which page of them.
   * @returns The page.
   */
  list(nodeId: string, filter: ObjectFilter): PageRows<ObjectRow> {
    const { page, size, prefix = "", search = "" } = filter;
    if (prefix === "" && search === "") {
      return this.#objects.list(nodeId, filter);
    }
    const rows = this.#keys
      .all(nodeId, prefix, search, size, (page - 1) * size)
      .map(({ key }) => this.#objects.get({ nodeId, key }))
      .filter((row) => row !== undefined);
    const total = this.#count.get(nodeId, prefix, search)?.total ?? 0;
    return { rows, total };
  }
}
