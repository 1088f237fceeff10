/**
 * What keeps a data folder from being used, in words for who looks after it.
 *
 * @module
 */

import { DataDirError } from "../data_dir_error.ts";

/** What is known of errors of SQLite and of the system, the more special first. */
const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [
    /not a database|malformed/i,
    "its database is damaged, restore a backup",
  ],
  [/disk is full|no space left/i, "its disk is full, make room"],
  [
    /permission denied|readonly database|unable to open database/i,
    "this user must be able to read and write everything in it",
  ],
  [/file exists|not a directory/i, "it is a file, name a folder with --data"],
  [/database is locked/i, "its database is locked by another program"],
];

/**
 * Does something that needs a data folder, and says it as such if the folder is the trouble.
 *
 * @param dataDir The data folder.
 * @param body What to do.
 * @returns What it returned.
 * @throws {DataDirError} If the folder is damaged, full, or not for this user.
 */
export function inDataDir<T>(dataDir: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    const problem = problemOf(error);
    if (problem === undefined || !(error instanceof Error)) throw error;
    throw new DataDirError(dataDir, `${problem} (${error.message})`, {
      cause: error,
    });
  }
}

/**
 * Whether an error says that a database is damaged.
 *
 * @param error The error.
 * @returns Whether it does.
 */
export function isDamage(error: unknown): error is Error {
  return problemOf(error) === PROBLEMS[0]?.[1];
}

function problemOf(error: unknown): string | undefined {
  const isOther = !(error instanceof Error) || error instanceof DataDirError ||
    error instanceof Deno.errors.NotCapable;
  if (isOther) return undefined;
  return PROBLEMS.find(([pattern]) => pattern.test(error.message))?.[1];
}
