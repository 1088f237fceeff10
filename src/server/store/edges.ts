/**
 * The dataflow graph: edges between nodes.
 *
 * @module
 */

import type { GraphEdge } from "../../aistore/protocol.ts";
import type { Database, Query } from "./database.ts";
import type { NodeRow } from "./node_row.ts";

/** The edges between nodes. They go when one of their nodes goes. */
export class Edges {
  readonly #database: Database;
  readonly #sources: Query<NodeRow>;
  readonly #targets: Query<NodeRow>;
  readonly #insert: ReturnType<Database["command"]>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
    this.#sources = database.query(
      "SELECT nodes.* FROM nodes JOIN edges ON id = from_id WHERE to_id = ? ORDER BY name, id",
    );
    this.#targets = database.query(
      "SELECT nodes.* FROM nodes JOIN edges ON id = to_id WHERE from_id = ? ORDER BY name, id",
    );
    this.#insert = database.command(
      "INSERT OR IGNORE INTO edges VALUES (?, ?)",
    );
  }

  /**
   * Adds edges, all or none. One that is there already stays as it is.
   *
   * @param edges The edges; their nodes exist.
   */
  add(edges: readonly GraphEdge[]): void {
    this.#database.transaction(() => {
      for (const { from, to } of edges) this.#insert(from, to);
    });
  }

  /**
   * The nodes from which edges lead to a node.
   *
   * @param nodeId The node.
   * @returns Those nodes.
   */
  into(nodeId: string): NodeRow[] {
    return this.#sources.all(nodeId);
  }

  /**
   * The nodes to which edges lead from a node.
   *
   * @param nodeId The node.
   * @returns Those nodes.
   */
  outOf(nodeId: string): NodeRow[] {
    return this.#targets.all(nodeId);
  }
}
