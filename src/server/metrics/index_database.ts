/**
 * The database of the index: all that it holds can be made anew out of objects.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { dirname } from "@std/path";
import { DataDirError } from "../data_dir_error.ts";
import { BUSY_TIMEOUT_MS } from "../limits.ts";
import {
  type Command,
  prepareCommand,
  prepareQuery,
  type Query,
  runTransaction,
} from "../store/statements.ts";
import { INDEX_SCHEMA, INDEX_VERSION } from "./index_schema.ts";

/** Readers beside one writer; after a power loss it is whole, if not the newest, and then catches up. */
const SETTINGS = `
  PRAGMA page_size = 8192;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA temp_store = MEMORY;
  PRAGMA cache_size = -16000;
`;

/** An open database. */
export class IndexDatabase implements Disposable {
  readonly #db: DatabaseSync;
  readonly #queries = new Map<string, Query<unknown>>();

  /** @param db The connection. */
  private constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /**
   * Opens the index, for the one who writes it or for readers; makes it where it is missing, damaged, or of another
   * version.
   *
   * @param path The file.
   * @returns The open database.
   */
  static open(path: string): IndexDatabase {
    try {
      const opened = connect(path);
      if (versionOf(opened) === INDEX_VERSION) return new IndexDatabase(opened);
      opened.close();
    } catch {
      // Whatever it is, it is no index; a trouble that lasts comes up again below.
    }
    for (const end of ["", "-wal", "-shm"]) removeIfThere(path + end);
    const db = connect(path);
    db.exec(INDEX_SCHEMA);
    db.exec(`PRAGMA user_version = ${INDEX_VERSION}`);
    return new IndexDatabase(db);
  }

  /**
   * Opens the index where its tables are in the server's database, for the one who writes it or for readers; makes them
   * where they are missing.
   *
   * @param path The file of the server's database.
   * @returns The open database.
   */
  static within(path: string): IndexDatabase {
    const db = connect(path);
    const made = db.prepare(
      "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'counters'",
    ).get();
    if (made === undefined) db.exec(INDEX_SCHEMA);
    return new IndexDatabase(db);
  }

  /**
   * Makes another database readable under a name, and this one only readable. No table of either is called like one of the
   * other, so that statements do not name the database.
   *
   * @param name The name.
   * @param path The file.
   * @throws {DataDirError} If this process has not all permissions: Deno attaches no database then.
   */
  readWith(name: string, path: string): void {
    try {
      this.#db.prepare(`ATTACH ? AS ${name}`).run(path);
    } catch (error) {
      const isRefused = error instanceof Error &&
        error.message.includes("too many attached databases");
      if (!isRefused) throw error;
      throw new DataDirError(
        dirname(path),
        "the server needs all permissions, since Deno attaches databases to each other only then: run it with -A",
        { cause: error },
      );
    }
    this.readOnly();
  }

  /** Makes this database only readable. */
  readOnly(): void {
    this.#db.exec("PRAGMA query_only = ON");
  }

  /**
   * Makes a function known to SQL.
   *
   * @param name Its name.
   * @param body The function; of the same arguments it must make the same.
   */
  define(
    name: string,
    body: (...values: SQLInputValue[]) => SQLInputValue,
  ): void {
    this.#db.function(name, { deterministic: true, varargs: true }, body);
  }

  /**
   * A statement that answers rows; it is prepared once.
   *
   * @param sql The statement; its columns are those of `Row`.
   * @returns The statement.
   */
  query<Row>(sql: string): Query<Row> {
    const known = this.#queries.get(sql);
    if (known !== undefined) return known as Query<Row>;
    const query = this.queryOnce<Row>(sql);
    this.#queries.set(sql, query);
    return query;
  }

  /**
   * A statement that answers rows and is not kept.
   *
   * @param sql The statement; its columns are those of `Row`.
   * @returns The statement.
   */
  queryOnce<Row>(sql: string): Query<Row> {
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
   * Runs a function in a transaction: all of its changes are made, or none if it throws.
   *
   * @param body The changes.
   * @returns What `body` returned.
   */
  transaction<T>(body: () => T): T {
    return runTransaction(this.#db, { begin: "BEGIN IMMEDIATE", body });
  }

  /**
   * Runs a function that reads everything as it is at one moment.
   *
   * @param body The reading.
   * @returns What `body` returned.
   */
  snapshot<T>(body: () => T): T {
    if (this.#db.isTransaction) return body();
    return runTransaction(this.#db, { begin: "BEGIN", body });
  }

  /** Closes the database. */
  [Symbol.dispose](): void {
    this.#db.close();
  }
}

function connect(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
  try {
    db.exec(SETTINGS);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function versionOf(db: DatabaseSync): number {
  const row = db.prepare("PRAGMA user_version").get();
  return Number(row?.user_version);
}

function removeIfThere(path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
