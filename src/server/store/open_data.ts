/**
 * The database of a data folder, for who looks after it beside the server.
 *
 * @module
 */

import { join } from "@std/path";
import { DataDirError } from "../data_dir_error.ts";
import { inDataDir } from "./data_dir_access.ts";
import { Database } from "./database.ts";
import { lockDataDir } from "./lock.ts";
import { MIGRATIONS } from "./schema.ts";
import { DATABASE_FILE } from "./store.ts";

/**
 * Opens the database of a data folder, whether or not a server is running on it. One of an older version is brought up to
 * date, which needs the server to be stopped.
 *
 * @param dataDir The data folder.
 * @returns The database.
 * @throws {DataDirError} If there is none, it is damaged or not for this user, or it is of another version and cannot
 * be brought up to date.
 */
export function openData(dataDir: string): Database {
  return inDataDir(dataDir, () => open(dataDir));
}

function open(dataDir: string): Database {
  const path = join(dataDir, DATABASE_FILE);
  if (!isFile(path)) {
    throw new DataDirError(
      dataDir,
      "no server has been started in it, run em serve once or name another folder with --data",
    );
  }
  using resources = new DisposableStack();
  const database = resources.use(new Database(path));
  const { user_version: version = 0 } = database
    .query<{ user_version: number }>("PRAGMA user_version").get() ?? {};
  if (version > MIGRATIONS.length) {
    throw new DataDirError(
      dataDir,
      "a newer version of the server made its database, use that version",
    );
  }
  if (version < MIGRATIONS.length) {
    // A server of an older version would not know what became of its tables.
    using _lock = lockDataDir(dataDir);
    database.migrate(MIGRATIONS);
  }
  resources.move();
  return database;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    const isMissing = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (!isMissing) throw error;
    return false;
  }
}
