/** What a benchmark found. */
export interface BenchReport {
  /** What was measured, against what, and the number to hold. */
  readonly name: string;
  /** The findings, as ratios. */
  readonly lines: readonly string[];
}

/** The time that a call takes on average, in nanoseconds. */
export function nanosecondsPerCall(calls: number, call: () => void): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return (performance.now() - start) * 1e6 / calls;
}

/** The middle of the values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? NaN;
}

/** One number as a multiple of another, for print. */
export function ratio(value: number, base: number): string {
  return (value / base).toFixed(2);
}
