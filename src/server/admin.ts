/**
 * Users and API keys of a data folder, whether or not a server is running on it.
 *
 * @module
 */

import { resolve } from "@std/path";
import { delay } from "@std/async";
import type { Reporter } from "../reporter.ts";
import { DataDirError } from "./data_dir_error.ts";
import { Housekeeping } from "./housekeeping.ts";
import { ApiKeys } from "./store/api_keys.ts";
import type { Database } from "./store/database.ts";
import { Nodes } from "./store/nodes.ts";
import { openData } from "./store/open_data.ts";
import { Store } from "./store/store.ts";
import { Users } from "./store/users.ts";

/** How {@linkcode Admin} removes a user. */
export interface RemoveOptions {
  /** Where failures are said. */
  readonly reporter: Reporter;
  /** How long to wait for a running server to have removed the tree. Default: 30 s. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Users and keys of a data folder.
 *
 * It works on the database itself, beside a server that is running: SQLite lets one write at a time, each change is one
 * transaction, and the server looks keys up in the database with every request. Only bytes of objects are left to
 * whoever holds the folder's lock.
 */
export class Admin implements Disposable {
  /** The users. */
  readonly users: Users;
  /** The keys. */
  readonly keys: ApiKeys;
  readonly #dataDir: string;
  readonly #database: Database;

  /**
   * Opens the database of a data folder.
   *
   * @param dataDir The data folder.
   * @throws {DataDirError} If no server has made it, or one of another version did and it cannot be brought up to date.
   */
  constructor(dataDir: string) {
    this.#dataDir = resolve(dataDir);
    using resources = new DisposableStack();
    this.#database = resources.use(openData(this.#dataDir));
    const now = () => new Date();
    const nodes = new Nodes(this.#database, now);
    this.keys = new ApiKeys(this.#database, now);
    this.users = new Users({
      database: this.#database,
      nodes,
      keys: this.keys,
      now,
    });
    resources.move();
  }

  /**
   * Runs changes together: all are on disk when this returns, or none if it throws.
   *
   * @param changes The changes.
   * @returns What they returned.
   */
  transaction<T>(changes: () => T): T {
    return this.#database.transaction(changes);
  }

  /**
   * Removes a user with keys, sessions and tree. The keys are of no use from the beginning on.
   *
   * @param name The user.
   * @param options How long to wait.
   * @returns Whether the tree is gone; else the server that is running is still at it.
   */
  async removeUser(
    name: string,
    { reporter, timeoutMs = 30_000 }: RemoveOptions,
  ): Promise<boolean> {
    this.users.markRemoved(name);
    const end = Date.now() + timeoutMs;
    while (this.users.isRemoved(name)) {
      using store = openStore(this.#dataDir);
      if (store === undefined) {
        if (Date.now() >= end) return false;
        await delay(50);
        continue;
      }
      using housekeeping = new Housekeeping({ store, reporter });
      await housekeeping.run();
      // Nobody else has the folder.
      await store.collector.collect(0);
      return !this.users.isRemoved(name);
    }
    return true;
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#database[Symbol.dispose]();
  }
}

/** The whole data folder; undefined while a server has it. */
function openStore(dataDir: string): Store | undefined {
  try {
    return new Store({ dataDir });
  } catch (error) {
    if (error instanceof DataDirError) return undefined;
    throw error;
  }
}
