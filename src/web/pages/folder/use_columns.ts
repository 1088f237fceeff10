/**
 * Which columns a folder's table has: those in the address, else those that the browser remembers, else the usual ones.
 *
 * @module
 */

import { useEffect, useMemo } from "preact/hooks";
import { listColumns } from "../../api/em.ts";
import type { Columns } from "../../api/types.ts";
import { route, setParams } from "../../state/route.ts";
import { useQuery } from "../../state/use_query.ts";
import {
  type ChosenColumn,
  defaultColumns,
  formatColumns,
  parseColumns,
} from "./column_list.ts";
import { NAME_WIDTH } from "./column_width.ts";
import { recallColumns, rememberColumns } from "./folder_memory.ts";

/** The columns of a table, and what can be chosen. */
export interface ColumnChoice {
  /** Without the column of names, which is always there. */
  readonly columns: readonly ChosenColumn[];
  /** The width of the column of names, in pixels. */
  readonly nameWidth: number;
  /** Whether the columns are known: the usual ones depend on what the runs have. */
  readonly isKnown: boolean;
  /** Whether a person chose them. */
  readonly isChosen: boolean;
  /** What there is to choose from. */
  readonly catalogue: Columns | undefined;
  readonly set: (
    columns: readonly ChosenColumn[],
    nameWidth?: number | undefined,
  ) => void;
  /** Takes the usual ones again. */
  readonly reset: () => void;
  /** Asks again what there is. */
  readonly reload: () => void;
}

/** The column of names stands first in every list, so that none is empty. */
const NAME = "name";

/** The columns of a folder. */
export function useColumns(
  folder: string,
  isRecursive: boolean,
): ColumnChoice {
  const query = useQuery(
    `${folder} ${isRecursive}`,
    (abort) => listColumns({ folder, recursive: isRecursive }, abort),
  );
  const inAddress = route.value.params.getAll("col");
  const texts = inAddress.length > 0 ? inAddress : recallColumns(folder);
  const isChosen = texts.length > 0;
  useEffect(() => {
    if (inAddress.length === 0 && isChosen) setParams({ col: texts });
  }, [folder]);

  const { data, error, reload } = query;
  const chosen = parseColumns(texts);
  const nameWidth = chosen.find(({ id }) => id === NAME)?.width ?? NAME_WIDTH;
  const key = JSON.stringify(
    isChosen
      ? chosen.filter(({ id }) => id !== NAME)
      : defaultColumns(data, isRecursive),
  );
  const columns = useMemo<readonly ChosenColumn[]>(() => JSON.parse(key), [
    key,
  ]);
  const set: ColumnChoice["set"] = (next, width = nameWidth) => {
    const name = width === NAME_WIDTH ? { id: NAME } : { id: NAME, width };
    const texts = formatColumns([name, ...next]);
    rememberColumns(folder, texts);
    setParams({ col: texts });
  };
  return {
    columns,
    nameWidth,
    isKnown: isChosen || data !== undefined || error !== undefined,
    isChosen,
    catalogue: data,
    set,
    reset() {
      rememberColumns(folder, []);
      setParams({ col: undefined });
    },
    reload,
  };
}
