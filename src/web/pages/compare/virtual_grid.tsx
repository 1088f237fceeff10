/**
 * A table of which only what is in sight is drawn. Its head and its first column stay in sight.
 *
 * @module
 */

import type { ComponentChildren, JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { visibleRange } from "./visible_range.ts";

/** A column. */
export interface GridColumn {
  readonly key: string;
  readonly head: ComponentChildren;
  /** Whether it stands out. */
  readonly isMarked?: boolean;
}

/** A cell. */
export interface GridCell {
  readonly text: string;
  /** What is said beside it, smaller. */
  readonly note?: string | undefined;
  /** Shown on hover. Default: its text. */
  readonly title?: string | undefined;
  /** `best`, `missing`, `differs`, or nothing. */
  readonly tone?: string | undefined;
  /** Read aloud with it. */
  readonly spoken?: string | undefined;
}

/** A row. */
export interface GridRow {
  readonly key: string;
  readonly head: ComponentChildren;
  /** A `section` has no cells; what `differs`, or is `strong`, stands out. */
  readonly kind?: "section" | "differs" | "strong";
  readonly cell: (column: number) => GridCell;
}

/** A table. */
export interface GridProps {
  readonly label: string;
  /** What stands above the first column. */
  readonly corner: ComponentChildren;
  readonly columns: readonly GridColumn[];
  readonly rows: readonly GridRow[];
  readonly columnWidth?: number;
}

const ROW_HEIGHT = 30;
const HEAD_HEIGHT = 36;

/** Shows a table. */
export function VirtualGrid(props: GridProps): JSX.Element {
  const { label, corner, columns, rows, columnWidth = 150 } = props;
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ x: 0, y: 0, width: 1200, height: 800 });

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const look = (): void =>
      setView({
        x: element.scrollLeft,
        y: element.scrollTop,
        width: element.clientWidth,
        height: element.clientHeight,
      });
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener("scroll", look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const headWidth = Math.min(280, Math.max(140, view.width * 0.4));
  const [left, right] = visibleRange({
    offset: view.x,
    length: view.width - headWidth,
    size: columnWidth,
    count: columns.length,
  });
  const [top, bottom] = visibleRange({
    offset: view.y,
    length: view.height,
    size: ROW_HEIGHT,
    count: rows.length,
  });
  const width = headWidth + columns.length * columnWidth;
  const shown = columns.slice(left, right);
  const head = { width: `${headWidth}px` };
  const spacer = { width: `${left * columnWidth}px` };
  const cellStyle = { width: `${columnWidth}px` };
  return (
    <div
      ref={box}
      class={`grid card ${columns.some((c) => c.isMarked) ? "" : "no-base"}`}
      role="table"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 1}
    >
      <div
        class="grid-row grid-head"
        role="row"
        aria-rowindex={1}
        style={{ width: `${width}px`, height: `${HEAD_HEIGHT}px` }}
      >
        <div
          class="grid-first"
          role="columnheader"
          aria-colindex={1}
          style={head}
        >
          {corner}
        </div>
        <div role="presentation" style={spacer} />
        {shown.map((column, i) => (
          <div
            key={column.key}
            class={`grid-cell ${column.isMarked ? "marked" : ""}`}
            role="columnheader"
            aria-colindex={left + i + 2}
            style={cellStyle}
          >
            {column.head}
          </div>
        ))}
      </div>
      <div
        class="grid-body"
        role="rowgroup"
        style={{ width: `${width}px`, height: `${rows.length * ROW_HEIGHT}px` }}
      >
        {rows.slice(top, bottom).map((row, at) => (
          <div
            key={row.key}
            class={`grid-row ${row.kind ?? ""}`}
            role="row"
            aria-rowindex={top + at + 2}
            style={{
              width: `${width}px`,
              height: `${ROW_HEIGHT}px`,
              top: `${(top + at) * ROW_HEIGHT}px`,
            }}
          >
            <div
              class="grid-first"
              role="rowheader"
              aria-colindex={1}
              style={head}
            >
              {row.head}
            </div>
            {row.kind !== "section" && (
              <>
                <div role="presentation" style={spacer} />
                {shown.map(({ key, isMarked }, i) => (
                  <Cell
                    key={key}
                    cell={row.cell(left + i)}
                    index={left + i + 2}
                    isMarked={isMarked ?? false}
                    style={cellStyle}
                  />
                ))}
              </>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function Cell(
  { cell, index, isMarked, style }: {
    readonly cell: GridCell;
    readonly index: number;
    readonly isMarked: boolean;
    readonly style: { readonly width: string };
  },
): JSX.Element {
  const { text, note, title = text, tone = "", spoken } = cell;
  return (
    <div
      class={`grid-cell ${tone} ${isMarked ? "marked" : ""}`}
      role="cell"
      aria-colindex={index}
      title={title.slice(0, 1000)}
      style={style}
    >
      <span class="cut user-text">{text.slice(0, 200)}</span>
      {note !== undefined && <span class="grid-note">{note}</span>}
      {spoken !== undefined && <span class="visually-hidden">{spoken}</span>}
    </div>
  );
}
