/**
 * Nodes as rows of a table, with hyperparameters and metrics as columns.
 *
 * @module
 */

import type { ColumnRef } from "./column_refs.ts";
import { fold } from "./fold.ts";
import type { SqlCondition } from "./filter_sql.ts";
import type { IndexDatabase } from "./index_database.ts";

/** Which nodes are wanted: those in a folder, all below it, or some by id. */
export type RowScope =
  | { readonly folder: string; readonly recursive: boolean }
  | { readonly nodes: readonly string[] };

/** Which rows are wanted. */
export interface RowsRequest {
  /** Where from. */
  readonly scope: RowScope;
  /** Only nodes of one of these types; where there is none, of any. */
  readonly types: readonly string[];
  /** Only nodes with this text in their name, labels, description, status or hyperparameters. */
  readonly search: string | undefined;
  /** A condition. */
  readonly filter: SqlCondition | undefined;
  /** By what they are sorted. Default: folders first, then by name. */
  readonly sort: ColumnRef | undefined;
  /** Whether the order is turned around; what has no value is last all the same. */
  readonly descending: boolean;
  /** Only runs that changed after this version. */
  readonly after: number | undefined;
  /** Which page, from 1, and how many rows it has. */
  readonly page: number;
  readonly size: number;
  /** What is wanted of each. */
  readonly columns: readonly ColumnRef[];
}

/** What is known of a run. */
export interface RunRow {
  /** Such as `Running`. */
  readonly status: string | null;
  /** When it began, in milliseconds since 1970. */
  readonly started: number | null;
  /** When it ended. */
  readonly ended: number | null;
  /** When something of it arrived last, by the server's clock. */
  readonly arrived: number | null;
  /** Its version. */
  readonly version: number;
  /** Its unique name. */
  readonly alternativeName: string | null;
}

/** A value of a row. */
export type RowValue = number | string | boolean | null;

/** A row of the table. */
export interface Row {
  /** The node's id. */
  readonly id: string;
  /** What is known of the run; undefined of other nodes, and of a run that is not indexed yet. */
  readonly run: RunRow | undefined;
  /** The values of the columns that were asked for. */
  readonly values: readonly RowValue[];
}

/** A page of the table. */
export interface RowsPage {
  /** The rows. */
  readonly rows: readonly Row[];
  /** How many there are in all pages. */
  readonly total: number;
  /** The version up to which changes are in them. */
  readonly version: number;
}

const SCOPES = {
  children: "SELECT rowid AS row FROM nodes WHERE parent_id = ?",
  subtree: `WITH RECURSIVE subtree (row, id) AS (
      SELECT rowid, id FROM nodes WHERE parent_id = ?
      UNION ALL SELECT nodes.rowid, nodes.id FROM nodes JOIN subtree ON nodes.parent_id = subtree.id
    ) SELECT row FROM subtree`,
  some: `SELECT rowid AS row FROM nodes
    WHERE id IN (SELECT value FROM json_each(?))`,
} as const;

/**
 * Nodes as SQL.
 *
 * @param scope Which nodes.
 * @returns A statement that answers their rows in `nodes`, and its value.
 */
export function scopeToSql(
  scope: RowScope,
): { readonly sql: string; readonly value: string } {
  if ("nodes" in scope) {
    return { sql: SCOPES.some, value: JSON.stringify(scope.nodes) };
  }
  const sql = scope.recursive ? SCOPES.subtree : SCOPES.children;
  return { sql, value: scope.folder };
}

/**
 * Finds the functions that the statements need.
 *
 * @param database Takes them.
 */
export function defineRowFunctions(database: IndexDatabase): void {
  database.define("em_has", (...values) => {
    const wanted = fold(String(values.at(-1) ?? ""));
    let found: number | null = null;
    for (const value of values.slice(0, -1)) {
      if (value === null) continue;
      if (fold(String(value)).includes(wanted)) return 1;
      found = 0;
    }
    return found;
  });
}

const SEARCH = `(em_has(n.name, n.labels, n.description, r.status, ?)
  OR instr(r.search, ?) > 0)`;

/**
 * Reads rows.
 *
 * @param database The index, and the server's database as `store`.
 * @param request Which rows.
 * @returns A page of them.
 */
export function queryRows(
  database: IndexDatabase,
  request: RowsRequest,
): RowsPage {
  return database.snapshot(() => {
    const { ids, total } = findIds(database, request);
    const version = database.query<{ seq: number }>("SELECT seq FROM counters")
      .get()?.seq ?? 0;
    return { rows: readRows(database, ids, request.columns), total, version };
  });
}

function findIds(
  database: IndexDatabase,
  request: RowsRequest,
): { readonly ids: string[]; readonly total: number } {
  const { page, size, filter, types, search, after } = request;
  const scope = scopeToSql(request.scope);
  const conditions: string[] = [];
  const values: (string | number)[] = [scope.value];
  const add = (sql: string, ...more: readonly (string | number)[]): void => {
    conditions.push(sql);
    values.push(...more);
  };
  if (types.length > 0) {
    add(
      "n.type IN (SELECT value FROM json_each(?))",
      JSON.stringify(types),
    );
  }
  if (after !== undefined) add("r.seq > ?", after);
  if (filter !== undefined) add(filter.sql, ...filter.values);
  if (search) add(SEARCH, search, fold(search));
  const rows = database.queryOnce<{ id: string; total: number }>(
    `SELECT n.id, count(*) OVER () AS total FROM (${scope.sql}) AS scope
     JOIN nodes AS n ON n.rowid = scope.row LEFT JOIN runs AS r ON r.node = n.id
     ${conditions.length > 0 ? `WHERE ${conditions.join(" AND ")}` : ""}
     ORDER BY ${orderOf(request)} n.name, n.id LIMIT ? OFFSET ?`,
  ).all(...values, size, (page - 1) * size);
  const total = rows[0]?.total ??
    (page > 1 ? findIds(database, { ...request, page: 1, size: 1 }).total : 0);
  return { ids: rows.map(({ id }) => id), total };
}

function orderOf({ sort, descending }: RowsRequest): string {
  if (sort === undefined) {
    return descending ? "n.name DESC," : "n.type <> 'Folder',";
  }
  const direction = descending ? "DESC" : "ASC";
  return [sort.num, sort.text].filter((sql) => sql !== "NULL")
    .map((sql) => `${sql} ${direction} NULLS LAST,`).join(" ");
}

interface NodeOfRow {
  readonly id: string;
  readonly run: number | null;
  readonly status: string | null;
  readonly started: number | null;
  readonly ended: number | null;
  readonly arrived: number | null;
  readonly seq: number;
  readonly alternative: string | null;
}

function readRows(
  database: IndexDatabase,
  ids: readonly string[],
  columns: readonly ColumnRef[],
): Row[] {
  const found = database.query<NodeOfRow>(
    `SELECT n.id, r.id AS run, r.status, r.started, r.ended, r.seq, r.alternative,
       (SELECT 1000 * max(mtime) FROM objects WHERE node_id = n.id) AS arrived
     FROM nodes AS n LEFT JOIN runs AS r ON r.node = n.id
     WHERE n.id IN (SELECT value FROM json_each(?))`,
  ).all(JSON.stringify(ids));
  const byId = new Map(found.map((row) => [row.id, row]));
  const values = readValues(database, ids, columns);
  return ids.flatMap((id) => {
    const row = byId.get(id);
    if (row === undefined) return [];
    const { run, status, started, ended, arrived, seq, alternative } = row;
    return [{
      id,
      run: run === null ? undefined : {
        status,
        started,
        ended,
        arrived,
        version: seq,
        alternativeName: alternative,
      },
      values: values.get(id) ?? columns.map(() => null),
    }];
  });
}

/** How many columns are read by one statement. */
const COLUMNS_AT_ONCE = 100;

function readValues(
  database: IndexDatabase,
  ids: readonly string[],
  columns: readonly ColumnRef[],
): Map<string, RowValue[]> {
  const values = new Map<string, RowValue[]>();
  for (let start = 0; start < columns.length; start += COLUMNS_AT_ONCE) {
    const some = columns.slice(start, start + COLUMNS_AT_ONCE);
    const list = some.map(({ cell }, index) => `${cell} AS c${index}`);
    const rows = database.queryOnce<
      Record<string, number | string | null> & { readonly id: string }
    >(
      `SELECT n.id, ${list.join(", ")} FROM nodes AS n
       LEFT JOIN runs AS r ON r.node = n.id
       WHERE n.id IN (SELECT value FROM json_each(?))`,
    ).all(JSON.stringify(ids));
    for (const row of rows) {
      const known = values.get(row.id) ?? [];
      values.set(row.id, known);
      for (const index of some.keys()) known.push(toValue(row[`c${index}`]));
    }
  }
  return values;
}

function toValue(cell: number | string | null | undefined): RowValue {
  if (typeof cell === "number") {
    return Number.isFinite(cell) ? cell : String(cell);
  }
  if (cell === null || cell === undefined) return null;
  const [kind] = cell;
  return kind === "b" ? cell === "b1" : kind === "n" ? "NaN" : cell.slice(1);
}
