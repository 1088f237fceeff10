/**
 * Repairs what can safely be repaired in a data folder.
 *
 * @module
 */

import { dirname, join, resolve } from "@std/path";
import { type CheckOptions, DataCheck } from "./check_data.ts";
import type { DataProblem, DataReport } from "./data_problem.ts";
import type { Database } from "./store/database.ts";
import { FileUses } from "./store/file_uses.ts";
import { keepFiles, lockDataDir } from "./store/lock.ts";
import { openData } from "./store/open_data.ts";

/** How {@linkcode repairData} repairs. */
export interface RepairOptions extends CheckOptions {
  /** Whether to forget the objects and parts whose bytes are gone or damaged. Default: no, they are only named. */
  readonly removeLost?: boolean | undefined;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
}

/**
 * Verifies a data folder and repairs it. No byte is deleted: files that nothing refers to are moved to a folder of the day
 * below `quarantine`.
 *
 * @param dataDir The data folder, on which no server may be running.
 * @param options How thoroughly, and how far to go.
 * @returns What was found, and what was done about it.
 * @throws {DataDirError} If a server is running on it, or there is no database that can be read.
 */
export async function repairData(
  dataDir: string,
  options: RepairOptions = {},
): Promise<DataReport> {
  const folder = resolve(dataDir);
  using _lock = lockDataDir(folder);
  using _kept = await keepFiles(folder);
  using database = openData(folder);
  const { now = () => new Date() } = options;
  const check = new DataCheck(folder, {
    ...options,
    database,
    isServed: false,
  });
  const report = await check.run();
  const day = now().toISOString().slice(0, 10);
  const repair = new Repair(folder, {
    database,
    quarantine: `quarantine/${day}`,
    removeLost: options.removeLost ?? false,
  });
  const problems = report.problems.map((problem) => repair.apply(problem));
  return { ...report, problems };
}

interface RepairContext {
  readonly database: Database;
  readonly quarantine: string;
  readonly removeLost: boolean;
}

class Repair {
  readonly #folder: string;
  readonly #context: RepairContext;
  readonly #uses: FileUses;

  constructor(folder: string, context: RepairContext) {
    this.#folder = folder;
    this.#context = context;
    this.#uses = new FileUses(context.database);
  }

  apply(problem: DataProblem): DataProblem {
    const repair = this.#repair(problem);
    return repair === undefined ? problem : { ...problem, repair };
  }

  #repair({ kind, what }: DataProblem): string | undefined {
    if (kind === "stray") return this.#moveAway(what);
    if (kind === "overlong") return this.#cut(what);
    if (!this.#context.removeLost) return undefined;
    if (kind === "missing" || kind === "short") return this.#forgetFile(what);
    if (kind === "checksum" || kind === "length") return this.#forget(what);
    return undefined;
  }

  #moveAway(path: string): string {
    const { quarantine } = this.#context;
    const target = join(this.#folder, quarantine, path);
    Deno.mkdirSync(dirname(target), { recursive: true });
    Deno.renameSync(join(this.#folder, path), target);
    return `moved to ${quarantine}`;
  }

  #cut(path: string): string {
    const file = path.slice(-32);
    const row = this.#context.database.query<{ size: number | null }>(
      "SELECT max(size) AS size FROM file_uses WHERE file = ?",
    ).get(file);
    const size = row?.size ?? 0;
    Deno.truncateSync(join(this.#folder, path), size);
    return `cut to ${size} bytes`;
  }

  /** Forgets what is in a file. */
  #forgetFile(path: string): string {
    const { database } = this.#context;
    const file = path.slice(-32);
    const objects = database.transaction(() => {
      database.command("DELETE FROM parts WHERE file = ?")(file);
      return database.command(
        "DELETE FROM objects WHERE file IN (SELECT object FROM segments WHERE file = ?)",
      )(file);
    });
    this.#moveUnused();
    return `removed ${objects} objects from the database`;
  }

  #forget(path: string): string | undefined {
    const { database } = this.#context;
    const found = database.query<{ file: string }>(
      `WITH RECURSIVE paths (id, path) AS (
         SELECT id, CASE WHEN name GLOB '/*' THEN 'trash:' || substr(name, 2) ELSE '/' || name END
         FROM nodes WHERE parent_id IS NULL
         UNION ALL SELECT nodes.id, path || '/' || name FROM nodes JOIN paths ON parent_id = paths.id
       ) SELECT file FROM objects JOIN paths ON node_id = id WHERE path || '/' || key = ?`,
    ).get(path);
    if (found === undefined) return undefined;
    database.command("DELETE FROM objects WHERE file = ?")(found.file);
    this.#moveUnused();
    return "removed the object from the database";
  }

  /** Puts what the forgotten objects had, whole or not, where it can be looked at. */
  #moveUnused(): void {
    const unused = this.#uses.unused(
      new Date(8.64e15),
      Number.MAX_SAFE_INTEGER,
    );
    for (const file of unused) {
      try {
        this.#moveAway(`objects/${file.slice(0, 2)}/${file}`);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    this.#uses.forget(unused);
  }
}
