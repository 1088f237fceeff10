/**
 * The lines of a part of a text, taken apart as bytes.
 *
 * @module
 */

/** A line: where it lies among the bytes that are at hand, without its end. */
export interface Line {
  readonly start: number;
  readonly end: number;
}

/** Lines that follow one another and are drawn together. */
export interface Block {
  /** Stays the same when lines come before or after it. */
  readonly key: number;
  /** The number of its first line among the lines at hand. */
  readonly first: number;
  readonly lines: readonly Line[];
}

const LINE_END = 10;
const RETURN = 13;

/** Lines that begin in the same so many bytes of the object are drawn together. */
const BLOCK_BYTES = 4096;

/**
 * Divides bytes into lines.
 *
 * @param bytes The bytes at hand.
 * @param from Where in the object they begin.
 * @returns The lines in blocks. What follows the last line end is a line, too, unless it is empty.
 */
export function splitBlocks(bytes: Uint8Array, from: number): Block[] {
  const blocks: { key: number; first: number; lines: Line[] }[] = [];
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(LINE_END, start);
    const end = found < 0 ? bytes.length : found;
    const key = Math.floor((from + start) / BLOCK_BYTES);
    let block = blocks.at(-1);
    if (block?.key !== key) {
      block = { key, first: number, lines: [] };
      blocks.push(block);
    }
    block.lines.push({ start, end });
    number++;
    start = end + 1;
  }
  return blocks;
}

/** Counts line ends. */
export function countLines(bytes: Uint8Array): number {
  let count = 0;
  for (const byte of bytes) if (byte === LINE_END) count++;
  return count;
}

/**
 * What a terminal would show of a line that was written several times, as progress bars are: what came last.
 *
 * @param bytes The bytes at hand.
 * @param line The line.
 * @returns The part of the line that is shown.
 */
export function lastState(bytes: Uint8Array, line: Line): Line {
  let { end } = line;
  while (end > line.start && bytes[end - 1] === RETURN) end--;
  if (end === line.start) return { start: end, end };
  const before = bytes.lastIndexOf(RETURN, end - 1);
  return { start: Math.max(line.start, before + 1), end };
}

/**
 * Reads the beginning of a line.
 *
 * @param bytes The bytes at hand.
 * @param line The line.
 * @param max At most so many bytes; no character is cut.
 * @returns The text, and how many bytes of the line are left out.
 */
export function lineText(
  bytes: Uint8Array,
  { start, end }: Line,
  max: number,
): { readonly text: string; readonly left: number } {
  let cut = Math.min(end, start + max);
  while (cut < end && cut > start && isInsideCharacter(bytes[cut])) cut--;
  const text = new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(bytes.subarray(start, cut));
  return { text, left: end - cut };
}

const isInsideCharacter = (byte: number | undefined): boolean =>
  byte !== undefined && (byte & 0xc0) === 0x80;
