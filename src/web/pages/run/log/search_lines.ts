/**
 * Searching in logs.
 *
 * @module
 */

import { lastState, lineText, splitBlocks } from "../../../files/lines.ts";
import type { ReadBytes } from "../../../files/byte_window.ts";

/** A line with what was searched for. */
export interface Hit {
  /** Where in the object the line begins. */
  readonly offset: number;
  /** The line, or a part of it around what was found. */
  readonly text: string;
}

const MAX_LINE_BYTES = 1024 * 1024;
const SNIPPET = 200;

/**
 * Searches lines.
 *
 * @param bytes The bytes at hand.
 * @param from Where in the object they begin.
 * @param wanted What is searched for; capital letters are as good as small ones.
 * @param max At most so many lines.
 * @returns The lines with it.
 */
export function searchLines(
  bytes: Uint8Array,
  from: number,
  wanted: string,
  max: number,
): Hit[] {
  const hits: Hit[] = [];
  const low = wanted.toLowerCase();
  if (low === "") return hits;
  for (const { lines } of splitBlocks(bytes, from)) {
    for (const line of lines) {
      const { text } = lineText(bytes, lastState(bytes, line), MAX_LINE_BYTES);
      const at = text.toLowerCase().indexOf(low);
      if (at < 0) continue;
      const begin = Math.max(0, at - SNIPPET / 2);
      hits.push({
        offset: from + line.start,
        text: text.slice(begin, begin + SNIPPET),
      });
      if (hits.length >= max) return hits;
    }
  }
  return hits;
}

/** How far a search through a whole object is. */
export interface SearchProgress {
  readonly hits: readonly Hit[];
  readonly done: number;
  readonly size: number;
  readonly isOver: boolean;
}

/** How a whole object is searched. */
export interface SearchOptions {
  readonly read: ReadBytes;
  readonly size: number;
  readonly wanted: string;
  readonly signal: AbortSignal;
  /** At most so many lines. Default: 500. */
  readonly max?: number;
  /** How much is read at once. Default: 1 MiB. */
  readonly stepBytes?: number;
}

/**
 * Searches a whole object, range by range.
 *
 * @param options What is searched, and for what.
 * @returns How far it is, after each range.
 */
export async function* searchObject(
  options: SearchOptions,
): AsyncGenerator<SearchProgress> {
  const { read, wanted, signal, max = 500, stepBytes = 1024 * 1024 } = options;
  let { size } = options;
  let hits: readonly Hit[] = [];
  let rest = new Uint8Array(0);
  let at = 0;
  while (at < size && hits.length < max) {
    const found = await read({ from: at, to: at + stepBytes }, signal);
    signal.throwIfAborted();
    size = found.size;
    const restAt = at - rest.length;
    at += found.bytes.length;
    if (found.bytes.length === 0) break;
    const bytes = new Uint8Array(rest.length + found.bytes.length);
    bytes.set(rest);
    bytes.set(found.bytes, rest.length);
    // A line that goes on in the next range is searched with that; of one that is very long, what there is.
    const end = bytes.lastIndexOf(10) + 1;
    const isLong = bytes.length - end > MAX_LINE_BYTES;
    const whole = at >= size || isLong ? bytes.length : end;
    rest = bytes.slice(whole);
    const more = searchLines(
      bytes.subarray(0, whole),
      restAt,
      wanted,
      max - hits.length,
    );
    hits = [...hits, ...more];
    yield { hits, done: at, size, isOver: false };
  }
  yield { hits, done: at, size, isOver: true };
}
