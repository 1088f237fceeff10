/**
 * One server for each data folder, and no file of it removed while it is copied.
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

/**
 * Takes the right to remove files of objects.
 *
 * @param dataDir The data folder.
 * @returns The lock; closing it gives it back. Undefined while somebody keeps the files.
 */
export function tryLockFiles(dataDir: string): Disposable | undefined {
  const file = openFilesLock(dataDir);
  if (file.tryLockSync(true)) return file;
  file.close();
  return undefined;
}

/**
 * Keeps every file of an object from being removed. The system ends that when the process ends, however it ends.
 *
 * @param dataDir The data folder.
 * @returns Closing it ends that.
 */
export async function keepFiles(dataDir: string): Promise<Disposable> {
  const file = openFilesLock(dataDir);
  await file.lock(false);
  return file;
}

function openFilesLock(dataDir: string): Deno.FsFile {
  return Deno.openSync(join(dataDir, "files.lock"), {
    create: true,
    write: true,
  });
}
