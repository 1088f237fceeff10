/**
 * The SQLite database of a server: opened, brought up to date, and asked with typed rows.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { BUSY_TIMEOUT_MS } from "../limits.ts";
import type { Durability } from "./durability.ts";
import {
  type Command,
  prepareCommand,
  prepareQuery,
  type Query,
  runTransaction,
} from "./statements.ts";

export type { Query } from "./statements.ts";

/** The statements that set up every connection: readers beside a writer, no row without what it refers to. */
const SETTINGS = `
  PRAGMA journal_mode = WAL;
  PRAGMA foreign_keys = ON;
`;

/** When SQLite waits for the disk. Without `FULL`, power loss takes the last commits, but leaves a sound database. */
const SYNCHRONOUS: Readonly<Record<Durability, string>> = {
  full: "FULL",
  process: "NORMAL",
};

/** An open database. All calls are synchronous, so what happens between two awaits is never interleaved. */
export class Database implements Disposable {
  readonly #db: DatabaseSync;

  /**
   * Opens or makes the database.
   *
   * @param path The file.
   * @param durability What a commit survives. Default: `full`.
   */
  constructor(path: string, durability: Durability = "full") {
    this.#db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
    this.#db.exec(SETTINGS);
    this.#db.exec(`PRAGMA synchronous = ${SYNCHRONOUS[durability]}`);
  }

  /**
   * Brings the tables up to date, each step in a transaction of its own.
   *
   * @param migrations All steps, the first from an empty database.
   * @returns How many steps the database is ahead of `migrations`: above 0, a newer version of the server made
   * it and nothing was changed.
   */
  migrate(migrations: readonly string[]): number {
    const version = this.query<{ user_version: number }>("PRAGMA user_version")
      .get()?.user_version ?? 0;
    for (const [index, step] of migrations.entries()) {
      if (index < version) continue;
      this.transaction(() => {
        this.#db.exec(step);
        this.#db.exec(`PRAGMA user_version = ${index + 1}`);
      });
    }
    return Math.max(0, version - migrations.length);
  }

  /**
   * Prepares a statement that answers rows.
   *
   * @param sql The statement; its columns are those of `Row`.
   * @returns The statement.
   */
  query<Row>(sql: string): Query<Row> {
    return prepareQuery(this.#db, sql);
  }

  /**
   * Prepares a statement that changes something.
   *
   * @param sql The statement.
   * @returns A function that runs it and says how many rows it changed.
   */
  command(sql: string): Command {
    return prepareCommand(this.#db, sql);
  }

  /**
   * Runs a function in a transaction: all of its changes are committed when this returns, or none if it throws.
   *
   * @param body The changes.
   * @returns What `body` returned.
   */
  transaction<T>(body: () => T): T {
    return runTransaction(this.#db, { begin: "BEGIN IMMEDIATE", body });
  }

  /**
   * Has changes told, whoever makes them through this connection. Nothing of that is stored in the database.
   *
   * @param triggers Temporary triggers, which call the SQL function `tell` with texts.
   * @param listener Is called with those texts before the change is committed; it must not ask the database.
   */
  watch(triggers: string, listener: (...texts: string[]) => void): void {
    this.#db.function("tell", { varargs: true }, (...values) => {
      listener(...values.map((value) => String(value ?? "")));
      return null;
    });
    this.#db.exec(triggers);
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#db.close();
  }
}
