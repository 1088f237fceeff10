/**
 * A table with a column for each run.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import type { ComparedRun } from "./comparison.ts";
import { runColumns } from "./run_columns.tsx";
import { type GridRow, VirtualGrid } from "./virtual_grid.tsx";

/** Shows the table. */
export function RunGrid(
  { label, corner, runs, rows }: {
    readonly label: string;
    readonly corner: string;
    readonly runs: readonly ComparedRun[];
    readonly rows: readonly GridRow[];
  },
): JSX.Element {
  const columns = useMemo(() => runColumns(runs), [runs]);
  return (
    <VirtualGrid label={label} corner={corner} columns={columns} rows={rows} />
  );
}
