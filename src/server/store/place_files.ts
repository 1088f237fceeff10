/**
 * A file and its row go together: the file is there before its row, and is removed after its row.
 *
 * @module
 */

import type { Database } from "./database.ts";
import type { ObjectFiles } from "./object_files.ts";

/** What {@linkcode placeFiles} works on. */
export interface PlaceOptions<T> {
  /** The database. */
  readonly database: Database;
  /** The bytes. */
  readonly files: ObjectFiles;
  /**
   * Makes the new files known, in a transaction.
   *
   * @returns The result, and the files that hold nothing any more.
   */
  readonly change: () => {
    readonly result: T;
    readonly unused: readonly string[];
  };
}

/**
 * Makes new files known, then removes those that this left unused.
 *
 * @param written The new files; they are removed if they do not become known.
 * @param options What to do.
 * @returns What the change returned.
 */
export async function placeFiles<T>(
  written: readonly string[],
  options: PlaceOptions<T>,
): Promise<T> {
  const { database, files, change } = options;
  let placed: ReturnType<typeof change>;
  try {
    placed = database.transaction(change);
  } catch (error) {
    await files.remove(written);
    throw error;
  }
  await files.remove(placed.unused);
  return placed.result;
}
