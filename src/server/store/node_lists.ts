/**
 * Listings of nodes.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import { isLive } from "./live_nodes.ts";
import type { NodeRow } from "./node_row.ts";
import type { PageRequest, PageRows } from "./page.ts";

/** By what a listing can be sorted. What is equal comes by name, then by id, so that pages never overlap. */
export const NODE_SORTS = [
  "name",
  "-name",
  "modified",
  "-modified",
  "type",
  "-type",
] as const;

/** By what a listing is sorted; `-` turns it around. By type, folders are first. */
export type NodeSort = typeof NODE_SORTS[number];

/** Which nodes to list. */
export interface NodeFilter extends PageRequest {
  /** Only nodes of one of these types; where there is none, of any. */
  readonly types?: readonly string[] | undefined;
  /** Only nodes that have all of these labels. */
  readonly labels?: readonly string[] | undefined;
  /** Only nodes with this text in their name, their description or a label; `A` to `Z` are as good as `a` to `z`. */
  readonly search?: string | undefined;
  /** The order. Default: `name`. */
  readonly sort?: NodeSort | undefined;
}

/** Where the nodes of a listing come from; `?1` is a folder or a user. */
const SOURCES = {
  children: "parent_id = ?1",
  shared:
    `id IN (SELECT node_id FROM shares WHERE user = ?1) AND owner <> ?1 AND ${
      isLive("nodes.id")
    }`,
  public:
    `id IN (SELECT node_id FROM shares WHERE user IS NULL AND ?1 = '') AND ${
      isLive("nodes.id")
    }`,
} as const;

type Source = keyof typeof SOURCES;

const FILTER = `
  AND (?2 IS NULL OR type IN (SELECT value FROM json_each(?2)))
  AND (?3 IS NULL OR NOT EXISTS (
    SELECT 1 FROM json_each(?3) AS wanted
    WHERE wanted.value NOT IN (SELECT value FROM json_each(labels))))
  AND (?4 IS NULL OR instr(lower(name), lower(?4)) OR instr(lower(description), lower(?4))
    OR EXISTS (SELECT 1 FROM json_each(labels) WHERE instr(lower(value), lower(?4))))`;

const ORDERS: Readonly<Record<NodeSort, string>> = {
  "name": "name, id",
  "-name": "name DESC, id",
  "modified": "modified, name, id",
  "-modified": "modified DESC, name, id",
  "type": "type <> 'Folder', type, name, id",
  "-type": "type = 'Folder', type DESC, name, id",
};

/** Lists nodes, page by page. Who may see them is not decided here. */
export class NodeLists {
  readonly #database: Database;
  readonly #pages = new Map<string, Query<NodeRow>>();
  readonly #counts = new Map<Source, Query<{ total: number }>>();

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Lists what is in a folder.
   *
   * @param folderId The folder.
   * @param filter Which nodes, and which page of them.
   * @returns The page.
   */
  children(folderId: string, filter: NodeFilter): PageRows<NodeRow> {
    return this.#list("children", folderId, filter);
  }

  /**
   * Lists the nodes of others that are shared with a user by name.
   *
   * @param user The user.
   * @param filter Which nodes, and which page of them.
   * @returns The page. What is in a shared folder is not listed with it.
   */
  sharedWith(user: string, filter: NodeFilter): PageRows<NodeRow> {
    return this.#list("shared", user, filter);
  }

  /**
   * Lists the nodes that are shared with everyone.
   *
   * @param filter Which nodes, and which page of them.
   * @returns The page. What is in such a folder is not listed with it.
   */
  public(filter: NodeFilter): PageRows<NodeRow> {
    return this.#list("public", "", filter);
  }

  #list(source: Source, of: string, filter: NodeFilter): PageRows<NodeRow> {
    const { page, size, types = [], labels = [], search, sort } = filter;
    const values = [of, list(types), list(labels), search || null];
    return {
      rows: this.#page(source, sort).all(...values, size, (page - 1) * size),
      total: this.#count(source).get(...values)?.total ?? 0,
    };
  }

  #page(source: Source, sort: NodeSort = "name"): Query<NodeRow> {
    const key = `${source} ${sort}`;
    const query = this.#pages.get(key) ?? this.#database.query<NodeRow>(
      `SELECT * FROM nodes WHERE ${SOURCES[source]} ${FILTER}
       ORDER BY ${ORDERS[sort]} LIMIT ?5 OFFSET ?6`,
    );
    this.#pages.set(key, query);
    return query;
  }

  #count(source: Source): Query<{ total: number }> {
    const query = this.#counts.get(source) ??
      this.#database.query<{ total: number }>(
        `SELECT count(*) AS total FROM nodes WHERE ${
          SOURCES[source]
        } ${FILTER}`,
      );
    this.#counts.set(source, query);
    return query;
  }
}

function list(values: readonly string[]): string | null {
  return values.length === 0 ? null : JSON.stringify(values);
}
