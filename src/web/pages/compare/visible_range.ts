/**
 * Which of many equally large things are in sight.
 *
 * @module
 */

/** What is scrolled. */
export interface Scrolled {
  /** How far. */
  readonly offset: number;
  /** How much is in sight. */
  readonly length: number;
  /** How large each thing is. */
  readonly size: number;
  readonly count: number;
}

/** So many more are drawn on both sides. */
const MORE = 4;

/** The first thing to draw, and the first after it that is not drawn. Both go by steps, so that not all scrolling draws anew. */
export function visibleRange(
  { offset, length, size, count }: Scrolled,
): readonly [from: number, to: number] {
  const first = Math.floor(offset / size / MORE) * MORE - MORE;
  const last = Math.ceil((offset + length) / size / MORE) * MORE + MORE;
  const from = Math.max(0, first);
  const to = Math.min(count, last);
  return [Math.min(from, to), to];
}
