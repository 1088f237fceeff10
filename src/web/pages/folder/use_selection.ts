/**
 * The rows of a folder that are ticked.
 *
 * @module
 */

import { useRef, useState } from "preact/hooks";
import { listRows, type RowsQuery } from "../../api/em.ts";
import type { Node, Row } from "../../api/types.ts";
import { isAtOrBelow, parentPath } from "../../nodes/allowed.ts";
import { MAX_PICKED, pick, type Picked, picked } from "../../state/picked.ts";
import { toast, toastError } from "../../state/toasts.ts";
import { FOLDER } from "../../text/folder.ts";
import type { FolderView } from "./folder_query.ts";
import type { RowsStore } from "./rows_store.ts";

/** What is ticked. */
export interface Selection {
  /** The nodes of this folder that are ticked. */
  readonly nodes: readonly Picked[];
  /** Ticks a row or takes its tick away; with `isRange` all from the last one that was. */
  readonly toggle: (row: Row, index: number, isRange: boolean) => void;
  /** Ticks all that the table has, or takes all ticks of this folder away. */
  readonly toggleAll: () => void;
  readonly clear: () => void;
  /** Whether an answer is waited for. */
  readonly isBusy: boolean;
}

/** The rows of a folder that are ticked. */
export function useSelection(
  folder: Node,
  { isRecursive }: FolderView,
  query: RowsQuery | undefined,
  rows: RowsStore,
): Selection {
  const last = useRef<number | undefined>(undefined);
  const [isBusy, setBusy] = useState(false);
  const nodes = [...picked.value.values()].filter(({ path }) =>
    isRecursive
      ? path !== folder.path && isAtOrBelow(path, folder.path)
      : parentPath(path) === folder.path
  );
  const clear = (): void => pick(nodes, false);
  return {
    nodes,
    clear,
    isBusy,
    toggle({ node }, index, isRange) {
      const isTicked = !picked.peek().has(node.id);
      const from = isRange ? last.current ?? index : index;
      const [first, end] = [Math.min(from, index), Math.max(from, index)];
      const range = Array.from(
        { length: end - first + 1 },
        (_, i) => rows.rowAt(first + i)?.node ?? [],
      );
      pick(range.flat(), isTicked);
      last.current = index;
    },
    async toggleAll() {
      if (nodes.length > 0) return clear();
      setBusy(true);
      try {
        const all = await listRows({ ...query, column: [], size: MAX_PICKED });
        pick(all.data.map(({ node }) => node), true);
        if (all.pagination.total > MAX_PICKED) {
          toast("done", FOLDER.selectMost({ n: MAX_PICKED }));
        }
      } catch (error) {
        toastError(error);
      }
      setBusy(false);
    },
  };
}
