/**
 * The trash of a data folder, whether or not a server is running on it.
 *
 * @module
 */

import { resolve } from "@std/path";
import { TRASH_LIFETIME_MS } from "./limits.ts";
import type { Database } from "./store/database.ts";
import { Nodes } from "./store/nodes.ts";
import { openData } from "./store/open_data.ts";
import { Trash } from "./store/trash.ts";

/** The trash of all users. What is purged gives its room back when a server next tidies up. */
export class TrashAdmin implements Disposable {
  /** The trash. */
  readonly trash: Trash;
  /** The tree of nodes. */
  readonly nodes: Nodes;
  readonly #database: Database;

  /**
   * Opens the trash of a data folder.
   *
   * @param dataDir The data folder.
   * @throws {DataDirError} If there is no database, or it is of another version and cannot be brought up to date.
   */
  constructor(dataDir: string) {
    const now = () => new Date();
    this.#database = openData(resolve(dataDir));
    this.nodes = new Nodes(this.#database, now);
    this.trash = new Trash({
      database: this.#database,
      nodes: this.nodes,
      collector: { dropped: () => Promise.resolve() },
      now,
      lifetimeMs: TRASH_LIFETIME_MS,
    });
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}
