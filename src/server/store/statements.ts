/**
 * Statements of SQLite with typed rows.
 *
 * @module
 */

import type { DatabaseSync, SQLInputValue } from "node:sqlite";

/** A prepared statement whose rows have the shape `Row`. */
export interface Query<Row> {
  /** The first row. */
  get(...values: SQLInputValue[]): Row | undefined;
  /** All rows. */
  all(...values: SQLInputValue[]): Row[];
}

/** Runs a statement that changes something, and says how many rows it changed. */
export type Command = (...values: SQLInputValue[]) => number;

/**
 * Prepares a statement that answers rows.
 *
 * @param db The connection.
 * @param sql The statement; its columns are those of `Row`.
 * @returns The statement.
 */
export function prepareQuery<Row>(db: DatabaseSync, sql: string): Query<Row> {
  const statement = db.prepare(sql);
  return {
    get: (...values) => statement.get(...values) as Row | undefined,
    all: (...values) => statement.all(...values) as Row[],
  };
}

/**
 * Prepares a statement that changes something.
 *
 * @param db The connection.
 * @param sql The statement.
 * @returns Runs it.
 */
export function prepareCommand(db: DatabaseSync, sql: string): Command {
  const statement = db.prepare(sql);
  return (...values) => Number(statement.run(...values).changes);
}

/** What happens together. */
export interface TransactionOptions<T> {
  /** How it begins: `BEGIN` to read, `BEGIN IMMEDIATE` to change something. */
  readonly begin: "BEGIN" | "BEGIN IMMEDIATE";
  /**
   * What happens.
   *
   * @returns The result.
   */
  readonly body: () => T;
}

/**
 * Runs a function in a transaction: all of its changes are committed when this returns, or none if it throws.
 *
 * @param db The connection.
 * @param options The function.
 * @returns What it returned.
 */
export function runTransaction<T>(
  db: DatabaseSync,
  { begin, body }: TransactionOptions<T>,
): T {
  db.exec(begin);
  try {
    const result = body();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}
