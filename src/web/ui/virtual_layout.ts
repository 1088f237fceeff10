/**
 * The geometry of a table of which only what is seen is drawn.
 *
 * @module
 */

/** Some of many, by number: from `first` up to but without `end`. */
export interface Span {
  readonly first: number;
  readonly end: number;
}

/** What is seen of a long list of rows of one height. */
export interface RowView {
  /** How many rows there are. */
  readonly total: number;
  readonly rowHeight: number;
  /** How far it is scrolled, and how high the box is, both in pixels. */
  readonly top: number;
  readonly height: number;
  /** How many rows more are drawn above and below. */
  readonly extra: number;
}

/** Rows that are drawn begin at multiples of this, so that not every pixel of scrolling draws anew. */
const STEP = 4;

/** The rows to draw: all that are seen, and some around them. */
export function rowSpan(view: RowView): Span {
  const { total, rowHeight, top, height, extra } = view;
  const seenFirst = Math.floor(Math.max(0, top) / rowHeight);
  const seenEnd = Math.ceil((Math.max(0, top) + height) / rowHeight);
  const first = Math.floor((seenFirst - extra) / STEP) * STEP;
  const end = Math.ceil((seenEnd + extra) / STEP) * STEP;
  return {
    first: Math.min(Math.max(0, first), total),
    end: Math.min(Math.max(0, end), total),
  };
}

/**
 * Where columns begin.
 *
 * @param widths The columns' widths.
 * @returns For each column where it begins, and at last where all end.
 */
export function offsetsOf(widths: readonly number[]): readonly number[] {
  let at = 0;
  return [0, ...widths.map((width) => at += width)];
}

/**
 * The columns to draw besides the first, which is always seen.
 *
 * @param offsets Where columns begin, and where all end.
 * @param left How far the box is scrolled.
 * @param width How wide it is.
 * @returns Those that are seen; from 1.
 */
export function columnSpan(
  offsets: readonly number[],
  left: number,
  width: number,
): Span {
  const count = offsets.length - 1;
  const sticky = offsets[1] ?? 0;
  const first = lastNotAfter(offsets, left + sticky);
  const end = lastNotAfter(offsets, left + width) + 1;
  return {
    first: Math.min(Math.max(1, first), Math.max(1, count)),
    end: Math.min(Math.max(1, end), Math.max(1, count)),
  };
}

/** The last of ascending numbers that is not greater than a value; 0 if there is none. */
function lastNotAfter(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((numbers[middle] ?? Infinity) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * How far a box has to be scrolled for a row to be seen below the header.
 *
 * @param row The row's number.
 * @param view How it is now; `height` is without the header.
 * @returns How far; as it is where the row is seen.
 */
export function scrollToRow(
  row: number,
  { rowHeight, top, height }: Pick<RowView, "rowHeight" | "top" | "height">,
): number {
  const begin = row * rowHeight;
  if (begin < top) return begin;
  return Math.max(top, begin + rowHeight - height);
}
