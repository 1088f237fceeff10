/**
 * One server for each data folder.
 *
 * @module
 */

import { join } from "@std/path";
import { DataDirError } from "../data_dir_error.ts";

/**
 * Takes the lock of a data folder. The system gives it back when the process ends, however it ends.
 *
 * @param dataDir The data folder.
 * @returns The lock; closing it gives it back.
 * @throws {DataDirError} If another server has it.
 */
export function lockDataDir(dataDir: string): Disposable {
  const file = Deno.openSync(join(dataDir, "lock"), {
    create: true,
    write: true,
  });
  if (!file.tryLockSync(true)) {
    file.close();
    throw new DataDirError(
      dataDir,
      "another server is using it, stop that server or choose another folder",
    );
  }
  return file;
}
