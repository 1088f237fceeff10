/**
 * Numbers at the axes of charts.
 *
 * @module
 */

/** What an axis spans. */
export interface Span {
  /** Its least value. */
  readonly low: number;
  /** Its greatest, which is above that. */
  readonly high: number;
}

/** What lies this far from one another, as people count. */
const STEPS = [1, 2, 2.5, 5, 10];

/** An axis with more powers of ten than this has only some of them. */
const MOST_POWERS = 5;

/**
 * Finds round numbers for an axis.
 *
 * @param span What it spans.
 * @param count About how many.
 * @returns The numbers.
 */
export function roundTicks({ low, high }: Span, count: number): number[] {
  const rough = (high - low) / count;
  // The range of doubles is wider than a double.
  if (!Number.isFinite(rough) || rough <= 0) return [low, high];
  const power = 10 ** Math.floor(Math.log10(rough));
  const distance = power * nearestStep(rough / power);
  const ticks: number[] = [];
  for (let at = Math.ceil(low / distance); at * distance <= high; at++) {
    ticks.push(Number((at * distance).toPrecision(12)));
    if (ticks.length > 2 * count + 2) break;
  }
  return ticks;
}

/** The step that a number from 1 to 10 is least different from, by their ratio. */
function nearestStep(wanted: number): number {
  const difference = (step: number) => Math.abs(Math.log(step / wanted));
  return STEPS.reduce((a, b) => difference(b) < difference(a) ? b : a);
}

/**
 * Finds powers of ten for a logarithmic axis.
 *
 * @param span What it spans, above zero.
 * @returns The powers.
 */
export function powerTicks({ low, high }: Span): number[] {
  const first = Math.ceil(Math.log10(low));
  const last = Math.floor(Math.log10(high));
  const each = Math.max(1, Math.ceil((last - first + 1) / MOST_POWERS));
  const ticks: number[] = [];
  for (let power = first; power <= last; power += each) ticks.push(10 ** power);
  return ticks;
}

const compact = new Intl.NumberFormat("en", {
  notation: "compact",
  maximumFractionDigits: 2,
});

/**
 * Writes a number at an axis.
 *
 * @param tick The number.
 * @returns Such as `0.25`, `1.5K` or `1e-7`.
 */
export function tickText(tick: number): string {
  const size = Math.abs(tick);
  if (size >= 1e12 || (size > 0 && size < 1e-3)) {
    return tick.toExponential(2).replace(/\.?0+e/, "e").replace("e+", "e");
  }
  return size >= 1e4 ? compact.format(tick) : String(tick);
}
