/**
 * The rows of a folder, kept up to date.
 *
 * @module
 */

import { useEffect, useRef, useState } from "preact/hooks";
import { listRows, type RowsQuery } from "../../api/em.ts";
import type { NodeEvent } from "../../api/types.ts";
import { treeVersion } from "../../state/current.ts";
import { coalesced } from "../../state/coalesced.ts";
import { useEvents } from "../../state/use_events.ts";
import { runState } from "../../ui/status.tsx";
import { RowsStore } from "./rows_store.ts";

/** Changes are asked for at most so often: rows, and which columns there are. */
const ROWS_MS = 1000;
const COLUMNS_MS = 5000;

/**
 * The rows of a folder.
 *
 * @param folder The folder's id.
 * @param query Which rows; undefined while that is not known.
 * @param onColumns Told now and then that there may be other columns.
 * @returns The rows; who uses them is drawn anew when there is something new.
 */
export function useRows(
  folder: string,
  query: RowsQuery | undefined,
  onColumns: () => void,
): RowsStore {
  const [, setTurn] = useState(0);
  const held = useRef<RowsStore | undefined>(undefined);
  const store = held.current ??= new RowsStore(
    listRows,
    () => setTurn((old) => old + 1),
  );
  const latest = useRef({ query, onColumns });
  latest.current = { query, onColumns };
  const [rows] = useState(() => coalesced(() => store.refresh(), ROWS_MS));
  const [columns] = useState(() =>
    coalesced(() => latest.current.onColumns(), COLUMNS_MS)
  );

  const key = query && JSON.stringify(query);
  useEffect(() => {
    if (query !== undefined) store.ask(query);
  }, [key]);
  useEffect(() => () => {
    store.close();
    rows.cancel();
    columns.cancel();
  }, []);
  const turn = useRef(treeVersion.value);
  useEffect(() => {
    if (turn.current !== treeVersion.value) rows.poke();
    turn.current = treeVersion.value;
  }, [treeVersion.value]);

  const onEvent = (event: NodeEvent): void => {
    if (!concerns(event, store, latest.current.query)) return;
    rows.poke();
    if (event.kind !== "status" && event.kind !== "log") columns.poke();
  };
  const onReset = (): void => {
    rows.poke();
    columns.poke();
  };
  useEvents(folder, onEvent, onReset);
  return store;
}

/** Whether what happened can change what is shown. */
function concerns(
  { node, kind }: NodeEvent,
  store: RowsStore,
  query: RowsQuery | undefined,
): boolean {
  if (kind === "graph" || kind === "files") return false;
  const row = store.find(node);
  // A log grows often and changes only that something is heard of the run.
  if (kind === "log") {
    return row !== undefined && runState(row.run) === "silent";
  }
  return kind === "node" || row !== undefined || query?.recursive === true ||
    query?.filter !== undefined || query?.search !== undefined ||
    query?.sort !== undefined;
}
