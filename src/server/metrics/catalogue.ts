/**
 * Which hyperparameters and metrics the runs of a folder have.
 *
 * @module
 */

import { metricColumnId } from "./column_refs.ts";
import type { IndexDatabase } from "./index_database.ts";
import { type RowScope, scopeToSql } from "./rows_query.ts";

/** A hyperparameter, or another fact, that runs have. */
export interface FactColumn {
  /** Its full name as a column. */
  readonly id: string;
  /** The keys on the way to it, with dots between. */
  readonly path: string;
  /** Of what kinds its values are. */
  readonly types: readonly string[];
  /** How many runs have it. */
  readonly runs: number;
  /** How many different values it has. */
  readonly distinct: number;
  /** The least and the greatest number; null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
}

/** A metric that runs have. */
export interface MetricColumn {
  /** Its full name as a column, for its last value. */
  readonly id: string;
  /** Such as `train`. */
  readonly type: string;
  /** Such as `loss`. */
  readonly name: string;
  /** How many runs have it. */
  readonly runs: number;
}

/** What runs have. */
export interface Catalogue {
  /** How many runs were looked at. */
  readonly runs: number;
  /** Whether these are all. Where there are many, those are looked at that changed last. */
  readonly complete: boolean;
  /** Hyperparameters. */
  readonly hparams: readonly FactColumn[];
  /** What is known of the machines. */
  readonly platform: readonly FactColumn[];
  /** What is known of the sources. */
  readonly git: readonly FactColumn[];
  /** Metrics of the runs themselves; those of their ranks are no columns. */
  readonly metrics: readonly MetricColumn[];
}

/** How many runs are looked at. */
const MAX_RUNS = 1000;

/**
 * Finds out which columns runs have.
 *
 * @param database The index, and the server's database as `store`.
 * @param scope Which runs.
 * @returns The columns, in the order in which runs name them.
 */
export function readCatalogue(
  database: IndexDatabase,
  scope: RowScope,
): Catalogue {
  const { sql, value } = scopeToSql(scope);
  return database.snapshot(() => {
    const found = database.query<{ id: number }>(
      `SELECT runs.id FROM (${sql}) AS scope JOIN nodes AS n ON n.rowid = scope.row
       JOIN runs ON runs.node = n.id
       ORDER BY runs.seq DESC LIMIT ?`,
    ).all(value, MAX_RUNS + 1);
    const runs = found.slice(0, MAX_RUNS).map(({ id }) => id);
    const list = JSON.stringify(runs);
    const facts = database.query<FactRow>(
      `SELECT columns.kind, columns.path, json_group_array(DISTINCT facts.type) AS types,
         count(*) AS runs, count(DISTINCT ifnull(facts.text, facts.num)) AS distinct_values,
         min(facts.num) AS min, max(facts.num) AS max
       FROM facts JOIN columns ON columns.id = facts.column
       WHERE facts.run IN (SELECT value FROM json_each(?))
       GROUP BY facts.column ORDER BY avg(facts.position), columns.path`,
    ).all(list);
    const metrics = database.query<MetricRow>(
      `SELECT columns.path, min(series.type) AS type, min(series.name) AS name, count(*) AS runs
       FROM series JOIN columns ON columns.id = series.column
       WHERE series.run IN (SELECT value FROM json_each(?))
         AND series.type NOT GLOB '*@rank[0-9]*'
       GROUP BY series.column ORDER BY type, avg(series.position), name`,
    ).all(list);
    const ofKind = (kind: string) =>
      facts.filter((row) => row.kind === kind).map(toColumn);
    return {
      runs: runs.length,
      complete: found.length <= MAX_RUNS,
      hparams: ofKind("hparams"),
      platform: ofKind("platform"),
      git: ofKind("git"),
      metrics: metrics.map(({ path, type, name, runs }) => ({
        id: metricColumnId(path, "last"),
        type,
        name,
        runs,
      })),
    };
  });
}

interface FactRow {
  readonly kind: string;
  readonly path: string;
  readonly types: string;
  readonly runs: number;
  readonly distinct_values: number;
  readonly min: number | null;
  readonly max: number | null;
}

interface MetricRow {
  readonly path: string;
  readonly type: string;
  readonly name: string;
  readonly runs: number;
}

function toColumn(row: FactRow): FactColumn {
  const { kind, path, types, runs, distinct_values } = row;
  const finite = (value: number | null): number | null =>
    Number.isFinite(value) ? value : null;
  return {
    id: `${kind}.${path}`,
    path,
    types: JSON.parse(types),
    runs,
    distinct: distinct_values,
    min: finite(row.min),
    max: finite(row.max),
  };
}
