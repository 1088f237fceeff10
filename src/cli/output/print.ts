/**
 * What commands print.
 *
 * @module
 */

import { createColors } from "picocolors";
import type { CliIo } from "../io.ts";
import { type TableColumn, tableLines } from "./table.ts";

/** Colours; each gives back its text as it is where there is no terminal, or `NO_COLOR` is set. */
export type Colors = ReturnType<typeof createColors>;

/**
 * The colours that may be used.
 *
 * @param io Where it is printed.
 * @returns The colours.
 */
export function colorsOf(io: CliIo): Colors {
  return createColors(io.terminal()?.hasColors ?? false);
}

/**
 * Prints a JSON document.
 *
 * @param io Where to.
 * @param value The document.
 */
export function printJson(io: CliIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value, null, 2)}\n`);
}

/**
 * Prints a JSON document on one line, for a reader that takes each as it comes.
 *
 * @param io Where to.
 * @param value The document.
 */
export function printJsonLine(io: CliIo, value: unknown): void {
  io.stdout(`${JSON.stringify(value)}\n`);
}

/**
 * Prints a table, as wide as the terminal at most.
 *
 * @param io Where to.
 * @param columns The columns.
 * @param rows The rows.
 */
export function printTable(
  io: CliIo,
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): void {
  const { dim } = colorsOf(io);
  const width = io.terminal()?.columns;
  const lines = tableLines({ columns, rows, width, paintHead: dim });
  io.stdout(`${lines.join("\n")}\n`);
}
