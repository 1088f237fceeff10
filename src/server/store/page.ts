/**
 * Pages of listings.
 *
 * @module
 */

import type { Page } from "../../aistore/protocol.ts";

/** Which page of a listing is wanted. */
export interface PageRequest {
  /** Counted from 1. */
  readonly page: number;
  /** Entries a page. */
  readonly size: number;
}

/** The rows of a page. */
export interface PageRows<Row> {
  /** The page's rows. */
  readonly rows: readonly Row[];
  /** Rows in all pages. */
  readonly total: number;
}

/**
 * A page as clients read it.
 *
 * @param request Which page it is.
 * @param found Its rows.
 * @param describe Makes an entry of a row.
 * @returns The page; `data` is null where there is nothing.
 */
export function toPage<Row, Entry>(
  { page, size }: PageRequest,
  { rows, total }: PageRows<Row>,
  describe: (row: Row) => Entry,
): Page<Entry> {
  return {
    pagination: { page, size, total },
    data: rows.length === 0 ? null : rows.map(describe),
  };
}
