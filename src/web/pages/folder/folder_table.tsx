/**
 * The table of a folder.
 *
 * @module
 */

import type { JSX } from "preact";
import { useCallback, useMemo, useRef } from "preact/hooks";
import type { Node, Row } from "../../api/types.ts";
import { language } from "../../state/language.ts";
import { picked } from "../../state/picked.ts";
import { setParams } from "../../state/route.ts";
import { FOLDER } from "../../text/folder.ts";
import { type TableColumn, VirtualTable } from "../../ui/virtual_table.tsx";
import { bestValues } from "./best_values.ts";
import { FieldCell, HeaderCheck, NameCell, ValueCell } from "./cells.tsx";
import {
  type ChosenColumn,
  columnTitle,
  isField,
  isSortable,
  moveColumn,
  textColumns,
} from "./column_list.ts";
import { type FolderView, formatSorting } from "./folder_query.ts";
import { defaultWidth, isNumericField } from "./column_width.ts";
import type { RowsStore } from "./rows_store.ts";
import type { ColumnChoice } from "./use_columns.ts";
import type { Selection } from "./use_selection.ts";

/** The rows of a folder, and what belongs to them. */
export interface FolderTableProps {
  readonly node: Node;
  readonly view: FolderView;
  readonly choice: ColumnChoice;
  readonly rows: RowsStore;
  readonly selection: Selection;
}

/** Shows the rows of a folder. */
export function FolderTable(props: FolderTableProps): JSX.Element {
  const { node, view, choice, rows, selection } = props;
  const { columns, nameWidth } = choice;
  const latest = useRef(selection);
  latest.current = selection;

  const texts = textColumns(choice.catalogue);
  const best = bestOf(rows);
  const looks = JSON.stringify([best, [...texts], language.value]);
  const tableColumns = useMemo(
    () => [
      nameColumn(latest, nameWidth),
      ...toColumns(columns, rows.columns, best, texts),
    ],
    [columns, rows.columns, looks, nameWidth],
  );
  const check = (
    <HeaderCheck
      count={selection.nodes.length}
      total={rows.total ?? 0}
      onToggle={selection.toggleAll}
    />
  );
  const onView = useCallback(
    (first: number, end: number) => rows.show(first, end),
    [rows],
  );
  const setWidth = (id: string, width: number): void =>
    choice.set(
      columns.map((each) => each.id === id ? { id, width } : each),
      id === "name" ? width : undefined,
    );
  return (
    <div class={`folder-table ${rows.isLoading ? "old" : ""}`}>
      <VirtualTable<Row>
        label={FOLDER.table({ name: node.name })}
        columns={tableColumns}
        corner={check}
        total={rows.total ?? 0}
        rowAt={(index) => rows.rowAt(index)}
        keyOf={(row) => row.node.id}
        isSelected={(row) => picked.value.has(row.node.id)}
        onView={onView}
        resetKey={JSON.stringify({ ...view, node: node.id })}
        sorting={view.sorting}
        onSort={(sorting) => setParams({ sort: formatSorting(sorting) })}
        onResize={setWidth}
        onMove={(id, to) => choice.set(moveColumn(columns, id, to))}
      />
    </div>
  );
}

/** The best values, by the names of their columns. */
type Best = { readonly [column: string]: number | undefined };

function nameColumn(
  selection: { readonly current: Selection },
  width: number,
): TableColumn<Row> {
  return {
    id: "name",
    title: FOLDER.name(),
    width,
    isSortable: true,
    cell: (row, index) => (
      <NameCell
        row={row}
        onToggle={(isRange) => selection.current.toggle(row, index, isRange)}
      />
    ),
  };
}

function toColumns(
  columns: readonly ChosenColumn[],
  places: readonly string[],
  best: Best,
  texts: ReadonlySet<string>,
): TableColumn<Row>[] {
  return columns.map(({ id, width = defaultWidth(id) }) => {
    const shared = { id, width, isSortable: isSortable(id) };
    if (isField(id)) {
      return {
        ...shared,
        title: FOLDER[id](),
        isNumeric: isNumericField(id),
        cell: ({ node, run }) => <FieldCell field={id} node={node} run={run} />,
      };
    }
    const at = places.indexOf(id);
    return {
      ...shared,
      title: columnTitle(id),
      isNumeric: !texts.has(id),
      cell: ({ values, run }) => (
        <ValueCell
          value={values[at]}
          isRun={run !== null}
          isBest={best[id] !== undefined && values[at] === best[id]}
        />
      ),
    };
  });
}

/** The best values of the columns that the server answers, by their names, where all rows are known. */
function bestOf(rows: RowsStore): Best {
  const { columns } = rows;
  const known = rows.known();
  if (known.length !== rows.total) return {};
  const best = bestValues(columns, known.map(({ values }) => values));
  return Object.fromEntries(columns.map((id, at) => [id, best[at]]));
}
