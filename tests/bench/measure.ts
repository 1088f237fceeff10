/** One number of the design, and what was found. */
export interface Figure {
  /** What was measured. */
  readonly what: string;
  /** What was found, in words and numbers. */
  readonly measured: string;
  /** What it was measured against, and how often. */
  readonly against: string;
  /** The number to hold. */
  readonly hold: string;
  /** Whether it holds. */
  readonly holds: boolean;
}

/** What a benchmark found. */
export interface BenchReport {
  /** What was measured, against what, and the number to hold. */
  readonly name: string;
  /** The findings, as ratios. */
  readonly lines: readonly string[];
  /** Those about which the design says what is to hold. Default: none. */
  readonly figures?: readonly Figure[];
}

/** The time that a call takes on average, in nanoseconds. */
export function nanosecondsPerCall(calls: number, call: () => void): number {
  const start = performance.now();
  for (let i = 0; i < calls; i++) call();
  return (performance.now() - start) * 1e6 / calls;
}

/** How often a benchmark repeats: `EM_BENCH_ROUNDS`, or what is usual for it. */
export function roundsOr(usual: number): number {
  return Number(Deno.env.get("EM_BENCH_ROUNDS") ?? usual);
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
