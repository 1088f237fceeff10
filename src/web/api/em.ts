/**
 * Runs as data.
 *
 * @module
 */

import { apiUrl, ask, askLong } from "./request.ts";
import type {
  Columns,
  Documents,
  Points,
  Rows,
  SeriesList,
  XAxis,
} from "./types.ts";

/** Which rows of a table. */
export interface RowsQuery {
  /** A folder, by id or path; or `node`. */
  readonly folder?: string;
  readonly recursive?: boolean;
  readonly node?: readonly string[];
  readonly type?: readonly string[];
  readonly search?: string;
  /** Such as `lr < 0.01 and val.accuracy > 0.9`. */
  readonly filter?: string;
  /** A column. */
  readonly sort?: string;
  readonly order?: "asc" | "desc";
  readonly page?: number;
  /** Up to 1000. */
  readonly size?: number;
  /** Up to 300 names. */
  readonly column?: readonly string[];
  /** Only runs that changed after this version. */
  readonly after?: number;
}

/** A page of a table of nodes. */
export function listRows(
  query: RowsQuery,
  signal?: AbortSignal,
): Promise<Rows> {
  return askLong("em/v1/rows", { ...query }, signal);
}

/** Which columns the runs of a folder, or these runs, have. */
export function listColumns(
  query: Pick<RowsQuery, "folder" | "recursive" | "node">,
  signal?: AbortSignal,
): Promise<Columns> {
  return ask("em/v1/columns", { query: { ...query }, signal });
}

/** The series of runs. */
export function listSeries(
  nodes: readonly string[],
  signal?: AbortSignal,
): Promise<SeriesList> {
  return askLong("em/v1/series", { node: nodes }, signal);
}

/** Which points. */
export interface PointsQuery {
  readonly node: readonly string[];
  /** Such as `train/loss`; every metric of every node is answered, node by node. */
  readonly metric: readonly string[];
  readonly x: XAxis;
  readonly from?: number;
  readonly to?: number;
  /** Up to 10 000; default 1000. */
  readonly buckets?: number;
  /** Cursors, in the order of the answer: only later points are answered. */
  readonly after?: readonly string[];
}

/** Points of series. */
export function readPoints(
  query: PointsQuery,
  signal?: AbortSignal,
): Promise<Points> {
  return askLong("em/v1/points", { ...query }, signal);
}

/** The documents of a run or an artifact. */
export function readDocuments(
  node: string,
  signal?: AbortSignal,
): Promise<Documents> {
  return ask("em/v1/documents", { query: { node }, signal });
}

/** Where a browser gets all points of series as CSV. */
export function csvUrl(
  node: readonly string[],
  metric: readonly string[],
): string {
  return apiUrl("em/v1/export.csv", { node, metric });
}
