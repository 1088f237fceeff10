/**
 * Numbers as bytes.
 *
 * @module
 */

/**
 * Writes numbers.
 *
 * @param numbers The numbers.
 * @returns Eight bytes for each.
 */
export function encodeFloats(numbers: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(numbers).buffer);
}

/**
 * Reads numbers.
 *
 * @param bytes What {@linkcode encodeFloats} wrote.
 * @returns The numbers.
 */
export function decodeFloats(bytes: Uint8Array): number[] {
  return [...new Float64Array(bytes.slice().buffer)];
}
