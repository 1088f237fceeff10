/**
 * A table of any number of rows and columns, of which only what is seen is drawn.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import {
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "preact/hooks";
import { type HeaderActions, TableHeader } from "./table_header.tsx";
import { TableRow } from "./table_row.tsx";
import {
  columnSpan,
  offsetsOf,
  rowSpan,
  scrollToRow,
} from "./virtual_layout.ts";

/** A column of a table. */
export interface TableColumn<Row> {
  readonly id: string;
  /** What it is called. */
  readonly title: string;
  /** In pixels. */
  readonly width: number;
  readonly isNumeric?: boolean;
  /** Whether the rows can be sorted by it. */
  readonly isSortable?: boolean;
  readonly cell: (row: Row, index: number) => ComponentChildren;
}

/** A table. */
export interface VirtualTableProps<Row> extends HeaderActions {
  /** What the table shows. */
  readonly label: string;
  /** The first stays in sight. A new list draws all rows anew. */
  readonly columns: readonly TableColumn<Row>[];
  /** What stands in the first column's header, before its title. */
  readonly corner?: ComponentChildren;
  /** How many rows there are. */
  readonly total: number;
  /** A row; undefined while it is waited for. What is the same object is not drawn again. */
  readonly rowAt: (index: number) => Row | undefined;
  /** What tells rows from each other. */
  readonly keyOf: (row: Row) => string;
  readonly isSelected?: (row: Row) => boolean;
  /** Told which rows are seen, from `first` up to but without `end`. */
  readonly onView: (first: number, end: number) => void;
  /** When it changes, the table begins at its top again. */
  readonly resetKey?: string;
}

/** The height of a row and of the header, in pixels. */
export const ROW_HEIGHT = 36;
const EXTRA_ROWS = 6;
/** The first column takes at most this part of a narrow box. */
const MAX_FIRST_PART = 0.6;

interface Box {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/** Shows a table. In a row, the arrow keys up and down lead to the same place in the next one. */
export function VirtualTable<Row>(props: VirtualTableProps<Row>): JSX.Element {
  const { label, total, rowAt, keyOf, isSelected, onView, resetKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState<Box>({ top: 0, left: 0, width: 0, height: 0 });
  useBox(scroller, setBox);
  useLayoutEffect(() => {
    if (scroller.current) scroller.current.scrollTop = 0;
  }, [resetKey]);

  const columns = useMemo(
    () => fitFirst(props.columns, box.width),
    [props.columns, box.width],
  );
  const offsets = offsetsOf(columns.map(({ width }) => width));
  const seen = columnSpan(offsets, box.left, box.width);
  const rows = rowSpan({
    total,
    rowHeight: ROW_HEIGHT,
    top: box.top,
    height: box.height - ROW_HEIGHT,
    extra: EXTRA_ROWS,
  });
  useEffect(() => {
    if (box.height > 0) onView(rows.first, Math.max(rows.end, rows.first + 1));
  }, [rows.first, rows.end, box.height > 0, onView]);

  const fullWidth = Math.max(offsets.at(-1) ?? 0, box.width);
  const shared = {
    columns,
    seen,
    gap: (offsets[seen.first] ?? 0) - (offsets[1] ?? 0),
  };
  return (
    <div
      ref={scroller}
      class={`vtable ${box.left > 0 ? "shifted" : ""}`}
      role="table"
      aria-label={label}
      aria-rowcount={total + 1}
      aria-colcount={columns.length}
      tabIndex={0}
      onKeyDown={(event) => moveFocus(event, scroller.current)}
    >
      <TableHeader {...shared} {...props} width={fullWidth} columns={columns} />
      <div
        role="rowgroup"
        class="vtable-body"
        style={{ height: `${total * ROW_HEIGHT}px`, width: `${fullWidth}px` }}
      >
        <div
          role="presentation"
          style={{ transform: `translateY(${rows.first * ROW_HEIGHT}px)` }}
        >
          {Array.from({ length: rows.end - rows.first }, (_, i) => {
            const index = rows.first + i;
            const row = rowAt(index);
            return (
              <TableRow
                {...shared}
                key={row === undefined ? index : keyOf(row)}
                row={row}
                index={index}
                isSelected={row !== undefined && (isSelected?.(row) ?? false)}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Keeps what is known of the box as it is scrolled and resized. */
function useBox(
  scroller: { readonly current: HTMLDivElement | null },
  setBox: (update: (old: Box) => Box) => void,
): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = (): void => {
      const { scrollTop: top, scrollLeft: left } = element;
      const { clientWidth: width, clientHeight: height } = element;
      setBox((old) =>
        old.top === top && old.left === left && old.width === width &&
          old.height === height
          ? old
          : { top, left, width, height }
      );
    };
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    look();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);
}

/** On a phone the first column leaves room for others. */
function fitFirst<Row>(
  columns: readonly TableColumn<Row>[],
  width: number,
): readonly TableColumn<Row>[] {
  const [first, ...others] = columns;
  const most = Math.floor(width * MAX_FIRST_PART);
  if (first === undefined || width === 0 || first.width <= most) return columns;
  return [{ ...first, width: most }, ...others];
}

/** Moves the focus to what is at the same place in a row above or below. */
function moveFocus(event: KeyboardEvent, scroller: HTMLElement | null): void {
  const target = event.target as HTMLElement;
  const row = target.closest<HTMLElement>("[role=row][data-index]");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (row === null || scroller === null || step === undefined) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const place = focusables(row).indexOf(target);
  const next = Number(row.dataset["index"]) + step;
  scroller.scrollTop = scrollToRow(next, {
    rowHeight: ROW_HEIGHT,
    top: scroller.scrollTop,
    height: scroller.clientHeight - ROW_HEIGHT,
  });
  const found = scroller.querySelector<HTMLElement>(`[data-index="${next}"]`);
  if (found) focusables(found)[place]?.focus({ preventScroll: true });
}

function focusables(row: HTMLElement): HTMLElement[] {
  return [...row.querySelectorAll<HTMLElement>("a, button, input")];
}
