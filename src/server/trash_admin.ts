/**
 * The trash of a data folder, whether or not a server is running on it.
 *
 * @module
 */

import { resolve } from "@std/path";
import { DataDirError } from "./data_dir_error.ts";
import { TRASH_LIFETIME_MS } from "./limits.ts";
import type { Database } from "./store/database.ts";
import { lockDataDir } from "./store/lock.ts";
import { Nodes } from "./store/nodes.ts";
import { openData } from "./store/open_data.ts";
import { OutsideChanges } from "./store/outside_changes.ts";
import { type Restored, Trash, type TrashRow } from "./store/trash.ts";

/** The trash of all users. */
export class TrashAdmin implements Disposable {
  /** The tree of nodes. */
  readonly nodes: Nodes;
  readonly #dataDir: string;
  readonly #database: Database;
  readonly #trash: Trash;

  /**
   * Opens the trash of a data folder.
   *
   * @param dataDir The data folder.
   * @throws {DataDirError} If there is no database, or it is of another version and cannot be brought up to date.
   */
  constructor(dataDir: string) {
    const now = () => new Date();
    this.#dataDir = resolve(dataDir);
    this.#database = openData(this.#dataDir);
    this.nodes = new Nodes(this.#database, now);
    const outside = new OutsideChanges(this.#database);
    this.#trash = new Trash({
      database: this.#database,
      nodes: this.nodes,
      collector: { dropped: () => Promise.resolve() },
      now,
      lifetimeMs: TRASH_LIFETIME_MS,
      onRestored: (node) => outside.add(node),
    });
  }

  /**
   * Lists the whole trash, what was deleted last first.
   *
   * @returns What all users have in it.
   */
  all(): TrashRow[] {
    return this.#trash.all();
  }

  /**
   * Finds something in the trash.
   *
   * @param id The node's id.
   * @returns What is known of it, or undefined.
   */
  get(id: string): TrashRow | undefined {
    return this.#trash.get(id);
  }

  /**
   * Brings something back. A server that is running tells it to those who look.
   *
   * @param id The node's id.
   * @returns The node.
   * @throws {Refusal} If it is not in the trash, or its name is taken where it was.
   */
  restore(id: string): Promise<Restored> {
    return this.#trash.restore(id);
  }

  /**
   * Has things deleted for good. From now on nobody can restore them; a server that is running does the rest, and what
   * they leave unused is removed when a server next tidies up.
   *
   * @param ids The nodes' ids.
   */
  async purge(ids: readonly string[]): Promise<void> {
    this.#database.transaction(() => ids.forEach((id) => this.#trash.mark(id)));
    using lock = this.#tryLock();
    if (lock !== undefined) await this.#trash.eraseMarked();
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }

  #tryLock(): Disposable | undefined {
    try {
      return lockDataDir(this.#dataDir);
    } catch (error) {
      if (error instanceof DataDirError) return undefined;
      throw error;
    }
  }
}
