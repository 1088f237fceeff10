/**
 * What refers to files: objects, parts of objects, the trash.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";

/**
 * Knows which files are in use. The database keeps account: a file whose last user goes, by whatever statement, is
 * written down as unused by a trigger in the same transaction. It is never used again.
 */
export class FileUses {
  readonly #used: Query<unknown>;
  readonly #count: Query<{ count: number }>;
  readonly #waiting: Query<unknown>;
  readonly #unused: Query<{ file: string }>;
  readonly #forget: ReturnType<Database["command"]>;
  readonly #forgetAll: ReturnType<Database["command"]>;

  /** @param database The database. */
  constructor(database: Database) {
    this.#used = database.query("SELECT 1 FROM file_uses WHERE file = ?");
    this.#count = database.query(
      "SELECT count(*) AS count FROM file_uses WHERE file = ?",
    );
    this.#waiting = database.query("SELECT 1 FROM unused_files WHERE file = ?");
    this.#unused = database.query(
      "SELECT file FROM unused_files WHERE since <= ? LIMIT ?",
    );
    this.#forget = database.command("DELETE FROM unused_files WHERE file = ?");
    this.#forgetAll = database.command("DELETE FROM unused_files");
  }

  /**
   * Whether something refers to a file.
   *
   * @param file Its name.
   * @returns Whether it is so.
   */
  isUsed(file: string): boolean {
    return this.#used.get(file) !== undefined;
  }

  /**
   * Whether exactly one thing refers to a file.
   *
   * @param file Its name.
   * @returns Whether it is so.
   */
  isPrivate(file: string): boolean {
    return this.#count.get(file)?.count === 1;
  }

  /**
   * Whether a file is unused and about to be removed.
   *
   * @param file Its name.
   * @returns Whether it is so.
   */
  isWaiting(file: string): boolean {
    return this.#waiting.get(file) !== undefined;
  }

  /**
   * The files that nothing refers to.
   *
   * @param since Only those of which that is so at least since then.
   * @param most How many.
   * @returns Their names.
   */
  unused(since: Date, most: number): string[] {
    const seconds = Math.floor(since.getTime() / 1000);
    return this.#unused.all(seconds, most).map(({ file }) => file);
  }

  /**
   * Forgets unused files, which have been removed; part of a transaction of the caller's.
   *
   * @param files Their names. Default: all.
   */
  forget(files?: readonly string[]): void {
    if (files === undefined) this.#forgetAll();
    else for (const file of files) this.#forget(file);
  }
}
