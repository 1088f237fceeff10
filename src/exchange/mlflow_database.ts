import { DatabaseSync } from "node:sqlite";
import { DamagedFileError } from "../errors.ts";
import type { ImportedRun } from "./imported_run.ts";
import { mlflowEnd, mlflowRecords, type MlflowValue } from "./mlflow_run.ts";

/** SQL knows no infinity: MLflow writes the largest double in its place. */
const LARGEST = Number.MAX_VALUE;

/** A run in the table `runs`. */
interface RunRow {
  readonly id: string;
  readonly name: string | null;
  readonly status: string;
  readonly startMs: number | null;
  readonly endMs: number | null;
}

/** A row of the table `metrics`. */
interface MetricRow {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  readonly timeMs: number;
  readonly isNan: number;
}

/**
 * Finds the runs in MLflow's SQLite store, without those that were deleted.
 *
 * @param path The database.
 * @returns The runs, which are read when they are written.
 * @throws {DamagedFileError} If it is no such database.
 */
export function mlflowDatabaseRuns(path: string): ImportedRun[] {
  return readRuns(path).map((row) => ({
    source: `MLflow: ${path}, run ${row.id}`,
    name: row.name || row.id,
    startMs: row.startMs ?? 0,
    identity: {
      key: `MLflow database: run ${row.id}`,
      stamp: () => Promise.resolve(stampOf(path, row)),
    },
    read(taker) {
      using database = open(path);
      const pairs = (table: "params" | "tags") =>
        database.prepare(
          `SELECT key, value FROM ${table} WHERE run_uuid = ? ORDER BY key`,
        ).all(row.id).map(({ key, value }) =>
          [String(key), String(value ?? "")] as const
        );
      for (const record of mlflowRecords(values(database, row.id))) {
        taker.record(record);
      }
      const end = mlflowEnd({
        status: row.status,
        endMs: row.endMs ?? undefined,
        params: pairs("params"),
        tags: new Map(pairs("tags")),
      }, taker.note);
      return Promise.resolve(end);
    },
  }));
}

function readRuns(path: string): RunRow[] {
  try {
    using database = open(path);
    return database.prepare(
      `SELECT run_uuid AS id, name, status, start_time AS startMs, end_time AS endMs FROM runs
       WHERE lifecycle_stage <> 'deleted' ORDER BY start_time, run_uuid`,
    ).all() as unknown as RunRow[];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const problem = `it is no store of MLflow: ${error.message}`;
    throw new DamagedFileError(path, problem, { cause: error });
  }
}

function open(path: string): DatabaseSync {
  return new DatabaseSync(path, { readOnly: true });
}

/** A run in a database has no file of its own; what it holds only grows. */
function stampOf(path: string, { id, name, status, endMs }: RunRow): string {
  using database = open(path);
  const counted = database.prepare(
    `SELECT count(*), max(timestamp), max(step), total(is_nan) FROM metrics WHERE run_uuid = ?`,
  ).get(id);
  const texts = ["params", "tags"].map((table) =>
    database.prepare(
      `SELECT key, value FROM ${table} WHERE run_uuid = ? ORDER BY key`,
    ).all(id)
  );
  return JSON.stringify([name, status, endMs, counted, texts]);
}

function* values(database: DatabaseSync, id: string): Generator<MlflowValue> {
  const rows = database.prepare(
    `SELECT key, value, step, timestamp AS timeMs, is_nan AS isNan FROM metrics
     WHERE run_uuid = ? ORDER BY timestamp, step, key`,
  ).iterate(id) as Iterable<unknown> as Iterable<MetricRow>;
  for (const { key, value, step, timeMs, isNan } of rows) {
    yield { key, value: isNan ? NaN : unbounded(value), step, timeMs };
  }
}

function unbounded(value: number): number {
  return Math.abs(value) >= LARGEST ? Math.sign(value) * Infinity : value;
}
