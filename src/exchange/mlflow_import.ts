import { join } from "@std/path";
import { NotFoundError } from "../errors.ts";
import { isDirectory } from "../local/is_directory.ts";
import type { ImportedRun } from "./imported_run.ts";
import { mlflowDatabaseRuns } from "./mlflow_database.ts";
import { mlflowFileRuns } from "./mlflow_files.ts";

/** What MLflow calls its stores where nobody says otherwise. */
const DATABASE = "mlflow.db";
const FILES = "mlruns";

/**
 * Finds the runs in a store of MLflow: files (`mlruns`) or SQLite (`mlflow.db`).
 *
 * @param path The store, a directory of one experiment or run, or a directory that holds `mlflow.db` or `mlruns`.
 * @returns The runs, which are read when they are written.
 * @throws {NotFoundError} If there is no run.
 */
export function findMlflowRuns(path: string): Promise<ImportedRun[]> {
  const runs = storesAt(path).flatMap((store) =>
    isDirectory(store) ? mlflowFileRuns(store) : mlflowDatabaseRuns(store)
  );
  if (runs.length === 0) throw new NotFoundError(path, "run of MLflow");
  return Promise.resolve(runs);
}

function storesAt(path: string): string[] {
  if (isFile(path)) return [path];
  if (!isDirectory(path)) throw new NotFoundError(path, "file or directory");
  const database = join(path, DATABASE);
  const files = join(path, FILES);
  const inside = [
    ...isFile(database) ? [database] : [],
    ...isDirectory(files) ? [files] : [],
  ];
  return inside.length > 0 ? inside : [path];
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
