/**
 * What a browser remembers of folders.
 *
 * @module
 */

import { stored } from "../../state/stored.ts";

/** The columns of folders, by their ids; the last that was changed is last. */
type Memory =
  readonly (readonly [folder: string, columns: readonly string[]])[];

const MAX_FOLDERS = 200;

const memory = stored<Memory>(
  "columns",
  [],
  (value): value is Memory => Array.isArray(value) && value.every(isEntry),
);

/** Whether the card above a folder's table is open. */
export const isCardOpen = stored<boolean>(
  "card",
  false,
  (value): value is boolean => typeof value === "boolean",
);

/** The columns that were chosen for a folder. */
export function recallColumns(folder: string): readonly string[] {
  return memory.value.find(([id]) => id === folder)?.[1] ?? [];
}

/** Remembers the columns of a folder; none forgets them. */
export function rememberColumns(
  folder: string,
  columns: readonly string[],
): void {
  const others = memory.peek().filter(([id]) => id !== folder);
  memory.value = columns.length === 0
    ? others
    : [...others, [folder, columns] as const].slice(-MAX_FOLDERS);
}

function isEntry(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === "string" &&
    Array.isArray(value[1]) &&
    value[1].every((each) => typeof each === "string");
}
