/**
 * Tables for people.
 *
 * @module
 */

import stringWidth from "string-width";
import { safeText } from "../../safe_text.ts";

/** A column of a table. */
export interface TableColumn {
  /** The head. */
  readonly title: string;
  /** Whether it is aligned at its right, as numbers are. Default: no. */
  readonly isNumeric?: boolean;
  /** How few characters it may be cut to where the table is wider than the terminal. Default: it is never cut. */
  readonly least?: number;
  /** Colours a cell once it is cut and padded. */
  readonly paint?: (text: string, row: number) => string;
}

/** How a table is shown. */
export interface TableOptions {
  /** The columns. */
  readonly columns: readonly TableColumn[];
  /** The rows. What others wrote is made safe here. */
  readonly rows: readonly (readonly string[])[];
  /** How wide it may be, in characters; undefined where nobody cuts lines, as in a pipe. */
  readonly width?: number | undefined;
  /** Colours the head. */
  readonly paintHead?: (text: string) => string;
}

const GAP = "  ";

/**
 * Lays out a table: aligned columns, wide characters counted as two, cut to the terminal's width where that helps.
 *
 * @param options What to show.
 * @returns The lines, the head first.
 */
export function tableLines(options: TableOptions): string[] {
  const { columns, width, paintHead = (text: string) => text } = options;
  const rows = options.rows.map((row) =>
    columns.map((_, at) => safeText(row[at] ?? ""))
  );
  const widths = columns.map(({ title }, at) =>
    rows.reduce(
      (most, row) => Math.max(most, stringWidth(row[at] ?? "")),
      stringWidth(title),
    )
  );
  if (width !== undefined) shrink(widths, columns, width);
  const line = (
    cells: readonly string[],
    paint: (text: string, at: number) => string,
  ): string => {
    const last = columns.length - 1;
    return cells.map((cell, at) => {
      const text = fit(cell, widths[at] ?? 0);
      const room = " ".repeat(
        Math.max(0, (widths[at] ?? 0) - stringWidth(text)),
      );
      const painted = paint(text, at);
      if (columns[at]?.isNumeric) return room + painted;
      return at === last ? painted : painted + room;
    }).join(GAP).trimEnd();
  };
  return [
    line(columns.map(({ title }) => title), paintHead),
    ...rows.map((row, i) =>
      line(row, (text, at) => columns[at]?.paint?.(text, i) ?? text)
    ),
  ];
}

/** Takes from the widest columns that may be cut, until the table fits. */
function shrink(
  widths: number[],
  columns: readonly TableColumn[],
  width: number,
): void {
  const gaps = GAP.length * (columns.length - 1);
  let over = widths.reduce((sum, each) => sum + each, gaps) - width;
  while (over > 0) {
    let widest = -1;
    for (const [at, { least }] of columns.entries()) {
      const can = least !== undefined && (widths[at] ?? 0) > least;
      if (can && (widths[at] ?? 0) > (widths[widest] ?? 0)) widest = at;
    }
    if (widest < 0) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
    over--;
  }
}

/**
 * Cuts a text to a width.
 *
 * @param text The text.
 * @param width The width in characters of a terminal.
 * @returns The text, with `…` at its end where it was cut.
 */
export function fit(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let cut = "";
  let used = 1;
  for (const character of text) {
    used += stringWidth(character);
    if (used > width) break;
    cut += character;
  }
  return `${cut}…`;
}
