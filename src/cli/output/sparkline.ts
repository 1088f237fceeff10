import type { CurveBucket } from "../../reading/curve.ts";

const BLOCKS = "▁▂▃▄▅▆▇█";

/**
 * Draws a curve in one line, which begins with its first value. What goes up and down within a column is shown by what is farther from the column before, so
 * that spikes stay.
 *
 * @param curve The curve.
 * @param width How many characters at most.
 * @returns The line; empty where there is nothing to draw.
 */
export function sparkline(
  curve: readonly CurveBucket[],
  width: number,
): string {
  let low = Infinity;
  let high = -Infinity;
  for (const { min, max } of curve) {
    low = Math.min(low, min);
    high = Math.max(high, max);
  }
  const columns = Math.min(width, curve.length);
  const [first] = curve;
  if (first === undefined) return "";
  let before = first.minX <= first.maxX ? first.min : first.max;
  let line = "";
  for (let column = 0; column < columns; column++) {
    const start = Math.floor(column * curve.length / columns);
    const end = Math.floor((column + 1) * curve.length / columns);
    let min = Infinity;
    let max = -Infinity;
    for (const bucket of curve.slice(start, end)) {
      min = Math.min(min, bucket.min);
      max = Math.max(max, bucket.max);
    }
    if (column > 0) before = max - before >= before - min ? max : min;
    // Halved first: the range of doubles is wider than a double.
    const part = (before / 2 - low / 2) / (high / 2 - low / 2 || 1);
    line += BLOCKS[Math.min(7, Math.floor(part * 8))];
  }
  return line;
}
