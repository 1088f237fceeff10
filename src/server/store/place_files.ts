/**
 * A file and its row go together: the file is there before its row, and is removed after its row.
 *
 * @module
 */

import type { Collector } from "./collector.ts";
import type { Database } from "./database.ts";
import type { ObjectFiles } from "./object_files.ts";

/** What {@linkcode placeFiles} works on. */
export interface PlaceOptions<T> {
  /** The database. */
  readonly database: Database;
  /** The bytes. */
  readonly files: ObjectFiles;
  /** Removes what is unused. */
  readonly collector: Collector;
  /**
   * Makes the new files known, in a transaction.
   *
   * @returns The result.
   */
  readonly change: () => T;
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
  const { database, files, collector, change } = options;
  let result: T;
  try {
    result = database.transaction(change);
  } catch (error) {
    await files.remove(written);
    throw error;
  }
  await collector.dropped();
  return result;
}
