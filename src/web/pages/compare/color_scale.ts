/**
 * Colours for numbers.
 *
 * @module
 */

/** From little to much: told apart on light and dark, and by those who see few colours. */
const STOPS: readonly (readonly [number, number, number])[] = [
  [46, 107, 214],
  [124, 92, 196],
  [190, 79, 130],
  [217, 96, 64],
  [219, 140, 22],
];

/** The colour at a place from 0 to 1. */
export function colorAt(at: number): string {
  const scaled = Math.max(0, Math.min(1, at)) * (STOPS.length - 1);
  const index = Math.min(STOPS.length - 2, Math.floor(scaled));
  const part = scaled - index;
  const [a, b] = [STOPS[index], STOPS[index + 1]];
  if (a === undefined || b === undefined) return "";
  const mixed = a.map((value, i) =>
    Math.round(value + ((b[i] ?? value) - value) * part)
  );
  return `rgb(${mixed.join(" ")})`;
}

/** All colours as a background from left to right. */
export const COLOR_GRADIENT: string = `linear-gradient(to right, ${
  STOPS.map((stop) => `rgb(${stop.join(" ")})`).join(", ")
})`;
