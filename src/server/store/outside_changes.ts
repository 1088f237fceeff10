/**
 * What other processes change beside a running server.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import type { NodeRow } from "./node_row.ts";

/** A node that another process has brought back. */
export interface OutsideChange {
  /** The node's id. */
  readonly node: string;
  /** The folder that it is in. */
  readonly parent: string;
}

/** A note for the server, which is told only of changes through its own connection. */
export class OutsideChanges {
  readonly #database: Database;
  readonly #all: Query<OutsideChange & { readonly seq: number }>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
    this.#all = database.query("SELECT * FROM outside_changes ORDER BY seq");
    this.#insert = database.command(
      "INSERT INTO outside_changes (node, parent) VALUES (?, ?)",
    );
    this.#delete = database.command(
      "DELETE FROM outside_changes WHERE seq <= ?",
    );
  }

  /**
   * Notes that a node was brought back; part of a transaction of the caller's.
   *
   * @param node The node.
   */
  add({ id, parent_id }: NodeRow): void {
    this.#insert(id, parent_id);
  }

  /**
   * Takes what was noted since the last time.
   *
   * @returns The changes, in order.
   */
  take(): OutsideChange[] {
    const found = this.#all.all();
    const last = found.at(-1);
    // Looking takes no lock.
    if (last !== undefined) {
      this.#database.transaction(() => this.#delete(last.seq));
    }
    return found.map(({ node, parent }) => ({ node, parent }));
  }
}
