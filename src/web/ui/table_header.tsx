/**
 * The header of a table: sorts, and changes the order and the width of columns.
 *
 * @module
 */

import type { ComponentChildren, JSX, TargetedEvent } from "preact";
import { useState } from "preact/hooks";
import { COMMON } from "../text/common.ts";
import { Icon } from "./icon.tsx";
import type { Span } from "./virtual_layout.ts";

/** What rows are sorted by. */
export interface Sorting {
  readonly column: string;
  readonly isDescending: boolean;
}

/** What can be done in a header; what is not given is not offered. */
export interface HeaderActions {
  readonly sorting?: Sorting | undefined;
  /** Told what to sort by; undefined is the order of the table itself. */
  readonly onSort?: (sorting: Sorting | undefined) => void;
  /** Told a column's new width, in pixels. */
  readonly onResize?: (column: string, width: number) => void;
  /** Told that a column goes to the place of another. The first stays. */
  readonly onMove?: (column: string, to: string) => void;
}

interface HeaderColumn {
  readonly id: string;
  readonly title: string;
  readonly width: number;
  readonly isNumeric?: boolean;
  readonly isSortable?: boolean;
}

/** A header. */
export interface TableHeaderProps extends HeaderActions {
  readonly columns: readonly HeaderColumn[];
  /** The columns that are drawn besides the first. */
  readonly seen: Span;
  /** How much room is between the first column and those, and how wide all is, in pixels. */
  readonly gap: number;
  readonly width: number;
  /** What stands in the first column's header, before its title. */
  readonly corner?: ComponentChildren;
}

/** How narrow and how wide a column may be, in pixels. */
const MIN_WIDTH = 60;
const MAX_WIDTH = 900;
const STEP = 16;

/** Shows a header. */
export function TableHeader(props: TableHeaderProps): JSX.Element {
  const { columns, seen, gap, width } = props;
  const [dragged, setDragged] = useState<string>();
  const cellAt = (at: number): JSX.Element | undefined => {
    const column = columns[at];
    return column && (
      <HeaderCell
        key={column.id}
        column={column}
        at={at}
        props={props}
        dragged={dragged}
        setDragged={setDragged}
      />
    );
  };
  return (
    <div role="rowgroup" class="vtable-head" style={{ width: `${width}px` }}>
      <div role="row" class="vtable-row" aria-rowindex={1}>
        {cellAt(0)}
        <div role="presentation" style={{ flex: "none", width: `${gap}px` }} />
        {columns.slice(seen.first, seen.end).map((_, i) =>
          cellAt(seen.first + i)
        )}
      </div>
    </div>
  );
}

function HeaderCell({ column, at, props, dragged, setDragged }: {
  readonly column: HeaderColumn;
  readonly at: number;
  readonly props: TableHeaderProps;
  readonly dragged: string | undefined;
  readonly setDragged: (column: string | undefined) => void;
}): JSX.Element {
  const { sorting, onSort, onMove, onResize, columns } = props;
  const { id, title, width, isNumeric, isSortable } = column;
  const isSorted = sorting?.column === id;
  const direction = isSorted
    ? sorting.isDescending ? "descending" : "ascending"
    : "none";
  const isMovable = onMove !== undefined && at > 0;
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const other = columns[at + (step ?? 0)];
    if (!event.shiftKey || !step || !isMovable || other === columns[0]) return;
    event.preventDefault();
    if (other) onMove(id, other.id);
  };
  return (
    <div
      role="columnheader"
      class={`vtable-cell ${at === 0 ? "first" : ""} ${
        isNumeric ? "numeric" : ""
      } ${dragged !== undefined && dragged !== id && at > 0 ? "target" : ""}`}
      aria-colindex={at + 1}
      {...(isSortable ? { "aria-sort": direction } : {})}
      style={{ width: `${width}px` }}
      draggable={isMovable}
      onDragStart={(event) => {
        event.dataTransfer?.setData("text/plain", title);
        setDragged(id);
      }}
      onDragEnd={() => setDragged(undefined)}
      onDragOver={(event) => {
        if (dragged !== undefined && at > 0) event.preventDefault();
      }}
      onDrop={(event) => {
        event.preventDefault();
        if (dragged !== undefined && dragged !== id) onMove?.(dragged, id);
        setDragged(undefined);
      }}
    >
      {at === 0 && props.corner}
      {isSortable && onSort
        ? (
          <button
            type="button"
            class="vtable-sort"
            title={title}
            onClick={() => onSort(nextSorting(id, sorting))}
            onKeyDown={onKeyDown}
          >
            <span class="cut user-text">{title}</span>
            {isSorted && (
              <span class={`sort-mark ${direction}`}>
                <Icon name="down" />
              </span>
            )}
          </button>
        )
        : <span class="cut user-text" title={title}>{title}</span>}
      {onResize && (
        <Grip
          title={title}
          width={width}
          onResize={(to) => onResize(id, to)}
        />
      )}
    </div>
  );
}

/** Ascending, descending, and the table's own order again. */
function nextSorting(
  column: string,
  old: Sorting | undefined,
): Sorting | undefined {
  if (old?.column !== column) return { column, isDescending: false };
  return old.isDescending ? undefined : { column, isDescending: true };
}

/** The edge of a column, which is drawn with the mouse or moved with the arrow keys. */
function Grip({ title, width, onResize }: {
  readonly title: string;
  readonly width: number;
  readonly onResize: (width: number) => void;
}): JSX.Element {
  const set = (to: number): void =>
    onResize(Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, to))));
  const onPointerDown = (
    event: TargetedEvent<HTMLDivElement, PointerEvent>,
  ): void => {
    event.preventDefault();
    event.stopPropagation();
    const element = event.currentTarget;
    const begin = event.clientX;
    element.setPointerCapture(event.pointerId);
    const onPointerMove = ({ clientX }: PointerEvent): void =>
      set(width + clientX - begin);
    element.addEventListener("pointermove", onPointerMove);
    element.addEventListener(
      "lostpointercapture",
      () => element.removeEventListener("pointermove", onPointerMove),
      { once: true },
    );
  };
  return (
    <div
      role="separator"
      class="vtable-grip"
      tabIndex={0}
      draggable
      aria-orientation="vertical"
      aria-label={COMMON.columnWidth({ name: title })}
      aria-valuenow={width}
      aria-valuemin={MIN_WIDTH}
      aria-valuemax={MAX_WIDTH}
      onDragStart={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
      onPointerDown={onPointerDown}
      onKeyDown={(event) => {
        const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        set(width + step);
      }}
    />
  );
}
