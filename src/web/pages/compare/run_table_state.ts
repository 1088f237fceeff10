/**
 * What a table of runs is made from, and how it stands.
 *
 * @module
 */

import type { RowsQuery } from "../../api/em.ts";
import type { Columns, Row, Rows } from "../../api/types.ts";

/** Whom to ask. */
export interface RunTableSource {
  readonly listRows: (query: RowsQuery, signal: AbortSignal) => Promise<Rows>;
  readonly listColumns: (
    query: Pick<RowsQuery, "node">,
    signal: AbortSignal,
  ) => Promise<Columns>;
}

/** How the table stands. */
export interface RunTableState {
  /** Counts its changes. */
  readonly turn: number;
  /** Counts the changes of nodes and of what is known of runs, values apart. */
  readonly rowsTurn: number;
  readonly rows: ReadonlyMap<string, Row>;
  /** Ids for which the server has no node that the user may look at. */
  readonly gone: readonly string[];
  /** Which columns the runs have; undefined until that is known. */
  readonly columns: Columns | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
}
