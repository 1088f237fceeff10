/**
 * Makes a source of random numbers that gives the same numbers for the same seed (mulberry32).
 *
 * @param seed A 32-bit number.
 * @returns A function that gives the next number, from 0 to below 1.
 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Shuffles a copy (Fisher and Yates).
 *
 * @param items What to shuffle.
 * @param random Gives numbers from 0 to below 1.
 * @returns The shuffled copy.
 */
export function shuffled(
  items: Uint32Array,
  random: () => number,
): Uint32Array {
  const result = items.slice();
  for (let last = result.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [result[last], result[other]] = [result[other] ?? 0, result[last] ?? 0];
  }
  return result;
}
