/**
 * Whether two things go together.
 *
 * @module
 */

/** Spearman's rank correlation, and how many pairs it is of. */
export interface Correlation {
  /** From -1 to 1. */
  readonly rho: number;
  readonly n: number;
}

/** Fewer pairs say nothing. */
const LEAST_PAIRS = 3;

/**
 * Spearman's rank correlation, with the mean rank for equal values.
 *
 * @param pairs The pairs of finite numbers.
 * @returns The correlation; undefined for fewer than three pairs, or where one of both is always the same.
 */
export function spearman(
  pairs: readonly (readonly [number, number])[],
): Correlation | undefined {
  const n = pairs.length;
  if (n < LEAST_PAIRS) return undefined;
  const a = ranks(pairs.map(([x]) => x));
  const b = ranks(pairs.map(([, y]) => y));
  const mean = (n + 1) / 2;
  let ab = 0, aa = 0, bb = 0;
  for (let i = 0; i < n; i++) {
    const da = (a[i] ?? mean) - mean;
    const db = (b[i] ?? mean) - mean;
    ab += da * db;
    aa += da * da;
    bb += db * db;
  }
  if (aa === 0 || bb === 0) return undefined;
  return { rho: Math.max(-1, Math.min(1, ab / Math.sqrt(aa * bb))), n };
}

/** The rank of each value from 1; equal values have the mean of their ranks. */
export function ranks(values: readonly number[]): readonly number[] {
  const order = values.map((value, i) => ({ value, i }))
    .sort((a, b) => a.value - b.value);
  const result = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (order[end + 1]?.value === order[start]?.value) end++;
    for (const { i } of order.slice(start, end + 1)) {
      result[i] = (start + end) / 2 + 1;
    }
    start = end + 1;
  }
  return result;
}
