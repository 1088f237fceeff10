/**
 * Asking for the columns that a part of the page shows.
 *
 * @module
 */

import { useEffect } from "preact/hooks";
import type { RunTable } from "./run_table.ts";

/** Has the values of columns asked for, and brought up to date, while a component is shown. */
export function useColumns(table: RunTable, columns: readonly string[]): void {
  const key = JSON.stringify(columns);
  useEffect(() => table.want(columns), [table, key]);
}
