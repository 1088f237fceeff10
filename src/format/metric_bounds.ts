/**
 * Where the items of a metrics file begin and end.
 *
 * @module
 */

const LINE_BREAK = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const MINUS = 0x2d;

const encoder = new TextEncoder();
const ITEM_STARTS = ["- value:\n", "- value: {}\n"]
  .map((text) => encoder.encode(text));

/**
 * Finds the first line that is neither empty, a comment, nor `---`.
 *
 * @param bytes The file.
 * @returns Where the line begins.
 */
export function findFirstItem(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(LINE_BREAK, start);
    const isDocumentStart = end === start + 3 && bytes[start] === MINUS &&
      bytes[start + 1] === MINUS && bytes[start + 2] === MINUS;
    const isSkipped = bytes[start] === LINE_BREAK || bytes[start] === HASH ||
      isDocumentStart;
    if (end < 0 || !isSkipped) return start;
    start = end + 1;
  }
  return start;
}

/**
 * Whether an item of a list begins at a line's start.
 *
 * @param bytes The file.
 * @param start The line's start.
 * @returns Whether the line begins with `- `, or is `-`.
 */
export function isItemStart(bytes: Uint8Array, start: number): boolean {
  const next = bytes[start + 1];
  return bytes[start] === MINUS &&
    (next === undefined || next === SPACE || next === LINE_BREAK);
}

/**
 * Finds the end of an item.
 *
 * @param bytes The file.
 * @param start The item's start.
 * @returns The next item's start, or the end of the file.
 */
export function findItemEnd(bytes: Uint8Array, start: number): number {
  let position = start;
  while (true) {
    const end = bytes.indexOf(LINE_BREAK, position);
    if (end < 0 || end + 1 === bytes.length) return bytes.length;
    if (isItemStart(bytes, end + 1)) return end + 1;
    position = end + 1;
  }
}

/**
 * Finds where the last item in a piece of a file begins.
 *
 * @param bytes The piece.
 * @returns Where; 0 if none begins behind its start.
 */
export function lastItemStart(bytes: Uint8Array): number {
  let at = bytes.length;
  while (at > 0) {
    const line = bytes.lastIndexOf(LINE_BREAK, at - 1);
    if (line < 0) return 0;
    if (line + 2 < bytes.length && isItemStart(bytes, line + 1)) {
      return line + 1;
    }
    at = line;
  }
  return 0;
}

/**
 * Finds the start of an item within a line. Whoever appends to a torn file without cutting it first leaves two items on one
 * line, which may still be YAML, but of a record that was never written.
 *
 * @param bytes The lines of one item.
 * @returns Where in them another item begins; -1 if none does.
 */
export function findGluedItem(bytes: Uint8Array): number {
  let position = bytes.indexOf(MINUS, 1);
  while (
    position >= 0 && !ITEM_STARTS.some((text) => isAt(text, bytes, position))
  ) {
    position = bytes.indexOf(MINUS, position + 1);
  }
  return position;
}

function isAt(text: Uint8Array, bytes: Uint8Array, start: number): boolean {
  return text.every((byte, offset) => bytes[start + offset] === byte);
}

/**
 * Counts lines.
 *
 * @param bytes The file.
 * @param end Where to stop.
 * @returns How many line breaks stand before.
 */
export function countLines(bytes: Uint8Array, end: number): number {
  let lines = 0;
  for (let index = 0; index < end; index++) {
    if (bytes[index] === LINE_BREAK) lines++;
  }
  return lines;
}

/**
 * Whether a text has its last line break.
 *
 * @param bytes The text.
 * @returns Whether it ends with one.
 */
export function endsLine(bytes: Uint8Array): boolean {
  return bytes[bytes.length - 1] === LINE_BREAK;
}
