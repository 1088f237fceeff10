/**
 * How a backup is told from a data folder that a server works on.
 *
 * @module
 */

import { join } from "@std/path";

const MARK_FILE = "backup.json";

/** What is known of a backup. */
export interface BackupMark {
  /** The data folder that it is a copy of. */
  readonly source: string;
  /** When it was complete; missing while it is being made. */
  readonly completed?: string;
}

/**
 * Marks a folder as a backup, which may be overwritten by the next one.
 *
 * @param folder The folder.
 * @param mark What is known of it.
 */
export function markBackup(folder: string, mark: BackupMark): void {
  const text = `${JSON.stringify(mark, null, 2)}\n`;
  Deno.writeTextFileSync(join(folder, MARK_FILE), text);
}

/**
 * Whether a folder is a backup that no server has worked on.
 *
 * @param folder The folder.
 * @returns Whether it is so.
 */
export function isBackup(folder: string): boolean {
  try {
    return Deno.statSync(join(folder, MARK_FILE)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Makes a data folder of a backup: from now on it goes its own way.
 *
 * @param folder The folder.
 */
export function unmarkBackup(folder: string): void {
  if (isBackup(folder)) Deno.removeSync(join(folder, MARK_FILE));
}
