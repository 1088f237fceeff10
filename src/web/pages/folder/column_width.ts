/**
 * How wide columns are where nobody has changed that.
 *
 * @module
 */

import { columnTitle, type Field, isField } from "./column_list.ts";

const FIELD_WIDTHS: Readonly<Record<Field, number>> = {
  type: 90,
  status: 110,
  labels: 190,
  path: 220,
  description: 240,
  started: 130,
  ended: 130,
  duration: 100,
  modified: 130,
  editor: 110,
  arrived: 130,
};
/** The column of names. */
export const NAME_WIDTH = 300;
const LETTER = 7.6;
const ROOM = 40;

/** The width of a column, in pixels. */
export function defaultWidth(id: string): number {
  if (isField(id)) return FIELD_WIDTHS[id];
  const wanted = Math.round(columnTitle(id).length * LETTER + ROOM);
  return Math.min(220, Math.max(92, wanted));
}

/** Whether a field is aligned as numbers are. */
export function isNumericField(id: Field): boolean {
  return id === "duration";
}
