/**
 * A row of a table of which only what is seen is drawn.
 *
 * @module
 */

import { Component, type ComponentChildren, type JSX } from "preact";
import type { Span } from "./virtual_layout.ts";

interface RowColumn<Row> {
  readonly id: string;
  readonly width: number;
  readonly isNumeric?: boolean;
  readonly cell: (row: Row, index: number) => ComponentChildren;
}

/** A row. */
export interface TableRowProps<Row> {
  readonly row: Row | undefined;
  readonly index: number;
  readonly isSelected: boolean;
  readonly columns: readonly RowColumn<Row>[];
  /** The columns that are drawn besides the first. */
  readonly seen: Span;
  /** How much room is between the first column and those, in pixels. */
  readonly gap: number;
}

/** Shows a row; it is drawn again only when something of it has changed. */
export class TableRow<Row> extends Component<TableRowProps<Row>> {
  /** Whether something has changed. */
  override shouldComponentUpdate(next: TableRowProps<Row>): boolean {
    const { row, index, isSelected, columns, seen, gap } = this.props;
    return row !== next.row || index !== next.index ||
      isSelected !== next.isSelected || columns !== next.columns ||
      seen.first !== next.seen.first || seen.end !== next.seen.end ||
      gap !== next.gap;
  }

  /** Shows it. */
  override render(props: TableRowProps<Row>): JSX.Element {
    const { row, index, isSelected, columns, seen, gap } = props;
    const [first] = columns;
    const cells = columns.slice(seen.first, seen.end);
    return (
      <div
        role="row"
        class={`vtable-row ${isSelected ? "selected" : ""}`}
        aria-rowindex={index + 2}
        data-index={index}
      >
        {first && <Cell column={first} at={0} row={row} index={index} />}
        <div role="presentation" style={{ flex: "none", width: `${gap}px` }} />
        {cells.map((column, i) => (
          <Cell
            key={column.id}
            column={column}
            at={seen.first + i}
            row={row}
            index={index}
          />
        ))}
      </div>
    );
  }
}

function Cell<Row>({ column, at, row, index }: {
  readonly column: RowColumn<Row>;
  readonly at: number;
  readonly row: Row | undefined;
  readonly index: number;
}): JSX.Element {
  const { width, isNumeric, cell } = column;
  return (
    <div
      role={at === 0 ? "rowheader" : "cell"}
      class={`vtable-cell ${at === 0 ? "first" : ""} ${
        isNumeric ? "numeric" : ""
      }`}
      aria-colindex={at + 1}
      style={{ width: `${width}px` }}
    >
      {row === undefined ? <div class="skeleton" /> : cell(row, index)}
    </div>
  );
}
