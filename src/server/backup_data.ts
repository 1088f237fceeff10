/**
 * A copy of a data folder, made while a server works on it.
 *
 * @module
 */

import { join, relative, resolve } from "@std/path";
import { DataCheck } from "./check_data.ts";
import { DataDirError } from "./data_dir_error.ts";
import type { DataProblem } from "./data_problem.ts";
import { isBackup, markBackup } from "./store/backup_mark.ts";
import { Database } from "./store/database.ts";
import { syncFolder } from "./store/durability.ts";
import { keepFiles, lockDataDir } from "./store/lock.ts";
import { openData } from "./store/open_data.ts";
import type { StoredFile } from "./store/segment_reader.ts";
import { DATABASE_FILE } from "./store/store.ts";

/** How {@linkcode backupData} works. */
export interface BackupOptions {
  /** The data folder to copy. */
  readonly dataDir: string;
  /** Whether to verify the content of every object, not only of those that were copied. Default: no. */
  readonly deep?: boolean | undefined;
  /** Is told what is being done. */
  readonly onProgress?: ((done: string) => void) | undefined;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
}

/** What {@linkcode backupData} did. */
export interface BackupReport {
  /** Objects in the backup. */
  readonly objects: number;
  /** Files in the backup. */
  readonly files: number;
  /** Their bytes. */
  readonly bytes: number;
  /** Files that were copied; the others were there from an older backup. */
  readonly copiedFiles: number;
  /** Their bytes. */
  readonly copiedBytes: number;
  /** Files of an older backup that were removed. */
  readonly removedFiles: number;
  /** What is wrong with the copy, because it is wrong with the data folder; then an older backup was kept as it was. */
  readonly problems: readonly DataProblem[];
}

const NEW_DATABASE = `${DATABASE_FILE}.new`;

/**
 * Copies a data folder as it is at one moment, whether or not a server works on it. A backup that is there is brought
 * up to date: only files that it does not have are copied, and until the new one is complete and verified the old
 * one stays whole. To restore it is to serve it, or a copy of it.
 *
 * @param target The folder for the backup: one that is new or empty, or an older backup of any data folder.
 * @param options What to copy.
 * @returns What was done.
 * @throws {DataDirError} If one of the folders cannot be used.
 */
export async function backupData(
  target: string,
  options: BackupOptions,
): Promise<BackupReport> {
  const from = resolve(options.dataDir);
  const to = resolve(target);
  checkApart(from, to);
  using source = openData(from);
  Deno.mkdirSync(to, { recursive: true, mode: 0o700 });
  checkTarget(to);
  using _lock = lockDataDir(to);
  // From before the copy of the database until all that it names is copied.
  using _kept = await keepFiles(from);
  return await new Backup({ ...options, from, to, source }).run();
}

interface BackupContext extends BackupOptions {
  readonly from: string;
  readonly to: string;
  readonly source: Database;
}

class Backup {
  readonly #context: BackupContext;
  readonly #copied = new Set<string>();
  #copiedBytes = 0;

  constructor(context: BackupContext) {
    this.#context = context;
  }

  async run(): Promise<BackupReport> {
    const { from, to, source, deep, onProgress, now } = this.#context;
    for (const name of ["objects", "tmp"]) {
      Deno.mkdirSync(join(to, name), { recursive: true });
    }
    markBackup(to, { source: from });
    const path = join(to, NEW_DATABASE);
    await removeDatabase(path);
    onProgress?.("copying the database");
    source.command("VACUUM INTO ?")(path);
    const { problems, ...counts } = await this.#fill(path, deep === true);
    if (problems.length > 0) {
      await removeDatabase(path);
      return this.#report(counts, { problems, removedFiles: 0 });
    }
    await syncFile(path);
    await removeDatabase(join(to, DATABASE_FILE), ["-wal", "-shm"]);
    await Deno.rename(path, join(to, DATABASE_FILE));
    await syncFolder(to);
    const removedFiles = await this.#removeUnused();
    const completed = (now?.() ?? new Date()).toISOString();
    markBackup(to, { source: from, completed });
    return this.#report(counts, { problems, removedFiles });
  }

  #report(
    { objects, files, bytes }: Pick<
      BackupReport,
      "objects" | "files" | "bytes"
    >,
    end: Pick<BackupReport, "problems" | "removedFiles">,
  ): BackupReport {
    return {
      objects,
      files,
      bytes,
      copiedFiles: this.#copied.size,
      copiedBytes: this.#copiedBytes,
      ...end,
    };
  }

  /** Copies what the new database names and is not there, and verifies all of it. */
  async #fill(path: string, deep: boolean) {
    const { to, onProgress } = this.#context;
    using database = new Database(path);
    for (const folder of folders(database)) {
      await this.#copyFolder(folder, files(database, folder));
      onProgress?.(`${this.#copied.size} files copied`);
    }
    onProgress?.("verifying");
    const isCopied = (segments: readonly StoredFile[]) =>
      segments.some(({ file }) => this.#copied.has(file));
    const check = new DataCheck(to, {
      database,
      // What an older backup has besides is not wrong.
      isServed: true,
      deep: deep || isCopied,
    });
    const report = await check.run();
    const problems = report.problems.filter(({ kind }) => kind !== "stray");
    return { ...report, problems };
  }

  async #copyFolder(
    folder: string,
    wanted: readonly StoredFile[],
  ): Promise<void> {
    const path = join(this.#context.to, "objects", folder);
    await Deno.mkdir(path, { recursive: true });
    let isChanged = false;
    for (const stored of wanted) {
      isChanged = await this.#copyFile(path, stored) || isChanged;
    }
    if (!isChanged) return;
    await syncFolder(path);
    await syncFolder(join(this.#context.to, "objects"));
  }

  /** Copies a file, unless it is there: what counts of it never changes. */
  async #copyFile(
    folder: string,
    { file, size }: StoredFile,
  ): Promise<boolean> {
    const { from, to } = this.#context;
    const path = join(folder, file);
    const present = await sizeOf(path);
    if (present !== undefined && present >= size) return false;
    const temporary = join(to, "tmp", file);
    try {
      await Deno.copyFile(
        join(from, "objects", file.slice(0, 2), file),
        temporary,
      );
    } catch (error) {
      // It is missing in the data folder, too; the verification says whose it is.
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    }
    // An append may have been under way, which the copy of the database does not know.
    if ((await sizeOf(temporary) ?? 0) > size) {
      await Deno.truncate(temporary, size);
    }
    await syncFile(temporary);
    await Deno.rename(temporary, path);
    this.#copied.add(file);
    this.#copiedBytes += size;
    return true;
  }

  /** Removes what only the older backup had. */
  async #removeUnused(): Promise<number> {
    const { to } = this.#context;
    let removed = 0;
    using database = openData(to);
    for (const { name } of Deno.readDirSync(join(to, "objects"))) {
      const wanted = new Map(
        files(database, name).map(({ file, size }) => [file, size]),
      );
      const folder = join(to, "objects", name);
      for (const entry of Deno.readDirSync(folder)) {
        const path = join(folder, entry.name);
        const size = wanted.get(entry.name);
        if (size === undefined) {
          await Deno.remove(path, { recursive: true });
          removed++;
        } else if ((await sizeOf(path) ?? 0) > size) {
          await Deno.truncate(path, size);
        }
      }
    }
    for (const { name } of Deno.readDirSync(join(to, "tmp"))) {
      await Deno.remove(join(to, "tmp", name), { recursive: true });
    }
    return removed;
  }
}

function checkApart(from: string, to: string): void {
  for (const [one, other] of [[from, to], [to, from]] as const) {
    const path = relative(one, other);
    if (path !== "" && (path === ".." || path.startsWith("../"))) continue;
    throw new DataDirError(
      to,
      `a backup of "${from}" must be in a folder beside it, not in it or around it`,
    );
  }
}

function checkTarget(to: string): void {
  const isEmpty = [...Deno.readDirSync(to)].every(({ name }) =>
    name === "lock"
  );
  if (isEmpty || isBackup(to)) return;
  throw new DataDirError(
    to,
    "it is neither empty nor a backup that no server has worked on, choose another folder for the backup",
  );
}

function folders(database: Database): string[] {
  return database.query<{ name: string }>(
    "SELECT DISTINCT substr(file, 1, 2) AS name FROM file_uses ORDER BY 1",
  ).all().map(({ name }) => name);
}

function files(database: Database, folder: string): StoredFile[] {
  return database.query<StoredFile>(
    `SELECT file, max(size) AS size FROM file_uses
     WHERE file >= ?1 AND substr(file, 1, 2) = ?1 GROUP BY file`,
  ).all(folder);
}

async function removeDatabase(
  path: string,
  ends: readonly string[] = ["", "-wal", "-shm", "-journal"],
): Promise<void> {
  for (const end of ends) {
    try {
      await Deno.remove(path + end);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
}

async function syncFile(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  await file.sync();
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
