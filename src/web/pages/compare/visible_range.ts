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

/** How many more are drawn on both sides. */
const MORE = 4;

/** The first thing to draw, and the first after it that is not drawn. */
export function visibleRange(
  { offset, length, size, count }: Scrolled,
): readonly [from: number, to: number] {
  const from = Math.max(0, Math.floor(offset / size) - MORE);
  const to = Math.min(count, Math.ceil((offset + length) / size) + MORE);
  return [Math.min(from, to), to];
}
