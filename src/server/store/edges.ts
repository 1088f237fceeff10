/**
 * The dataflow graph: edges between nodes.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import { isLive } from "./live_nodes.ts";
import type { NodeRow } from "./node_row.ts";

/** An end of an edge: a node, or a version of one. */
export interface EdgeEnd {
  /** The node's id. */
  readonly id: string;
  /** The branch, tag or commit of an asset; empty for the node itself. */
  readonly version: string;
}

/** An edge: data goes `from` one node `to` another. */
export interface Edge {
  /** Where the data comes from. */
  readonly from: EdgeEnd;
  /** Where it goes. */
  readonly to: EdgeEnd;
}

/** A node at the other end of an edge. */
export interface Neighbour extends NodeRow {
  /** The version that the edge leads to; empty for the node itself. */
  readonly version: string;
}

/** The edges between nodes. They go when one of their nodes goes, and are not seen while one is in the trash. */
export class Edges {
  readonly #database: Database;
  readonly #sources: Query<Neighbour>;
  readonly #targets: Query<Neighbour>;
  readonly #sourceEnds: Query<EdgeEnd>;
  readonly #targetEnds: Query<EdgeEnd>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
    this.#sources = database.query(
      `SELECT nodes.*, from_version AS version FROM nodes JOIN edges ON id = from_id
       WHERE to_id = ? AND to_version = ? AND ${
        isLive("from_id")
      } ORDER BY name, id, version`,
    );
    this.#targets = database.query(
      `SELECT nodes.*, to_version AS version FROM nodes JOIN edges ON id = to_id
       WHERE from_id = ? AND from_version = ? AND ${
        isLive("to_id")
      } ORDER BY name, id, version`,
    );
    this.#sourceEnds = database.query(
      "SELECT from_id AS id, from_version AS version FROM edges " +
        "WHERE to_id = ? AND to_version = ? ORDER BY id, version",
    );
    this.#targetEnds = database.query(
      "SELECT to_id AS id, to_version AS version FROM edges " +
        "WHERE from_id = ? AND from_version = ? ORDER BY id, version",
    );
    this.#insert = database.command(
      "INSERT OR IGNORE INTO edges VALUES (?, ?, ?, ?)",
    );
    this.#delete = database.command(
      "DELETE FROM edges WHERE from_id = ? AND from_version = ? AND to_id = ? AND to_version = ?",
    );
  }

  /**
   * Adds edges, all or none. One that is there already stays as it is.
   *
   * @param edges The edges; their nodes exist.
   */
  add(edges: readonly Edge[]): void {
    this.#database.transaction(() => {
      for (const { from, to } of edges) {
        this.#insert(from.id, from.version, to.id, to.version);
      }
    });
  }

  /**
   * Removes edges, all or none.
   *
   * @param edges The edges.
   * @returns How many were there.
   */
  remove(edges: readonly Edge[]): number {
    return this.#database.transaction(() =>
      edges.reduce(
        (count, { from, to }) =>
          count + this.#delete(from.id, from.version, to.id, to.version),
        0,
      )
    );
  }

  /**
   * The nodes from which edges lead to a node.
   *
   * @param end The node.
   * @returns Those nodes.
   */
  into({ id, version }: EdgeEnd): Neighbour[] {
    return this.#sources.all(id, version);
  }

  /**
   * The nodes to which edges lead from a node.
   *
   * @param end The node.
   * @returns Those nodes.
   */
  outOf({ id, version }: EdgeEnd): Neighbour[] {
    return this.#targets.all(id, version);
  }

  /**
   * Where the edges come from that lead to a node, without what is known of those nodes.
   *
   * @param end The node.
   * @returns The other ends.
   */
  sources({ id, version }: EdgeEnd): EdgeEnd[] {
    return this.#sourceEnds.all(id, version);
  }

  /**
   * Where the edges go that lead from a node, without what is known of those nodes.
   *
   * @param end The node.
   * @returns The other ends.
   */
  targets({ id, version }: EdgeEnd): EdgeEnd[] {
    return this.#targetEnds.all(id, version);
  }
}

/**
 * The name of an end of an edge.
 *
 * @param end The end.
 * @returns The node's id; of a version `<node id>:<version>`.
 */
export function edgeEndId({ id, version }: EdgeEnd): string {
  return version === "" ? id : `${id}:${version}`;
}
