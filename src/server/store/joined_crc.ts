/**
 * The CRC-32 of bytes that lie one after the other, from those of the pieces.
 *
 * @module
 */

import type { StoredFile } from "./segment_reader.ts";

/** The polynomial of CRC-32, lowest power in the highest bit. */
const POLYNOMIAL = 0xedb88320;

/** A linear map of 32 bits: what each single bit becomes. */
type Matrix = readonly number[];

/**
 * The CRC-32 of an object.
 *
 * @param segments Its files, in order.
 * @returns The checksum; undefined if that of one of them is not known.
 */
export function joinedCrc(segments: readonly StoredFile[]): number | undefined {
  let joined: number | undefined;
  for (const { size, crc32 } of segments) {
    if (crc32 === undefined || crc32 === null) return undefined;
    joined = joined === undefined
      ? crc32
      : (behindZeros(joined, size) ^ crc32) >>> 0;
  }
  return joined;
}

/** What a checksum becomes when so many zero bytes follow. */
function behindZeros(crc: number, bytes: number): number {
  let after = crc;
  // That of one zero bit, squared three times: one zero byte.
  let step = squared(squared(squared(oneZeroBit())));
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) after = times(step, after);
    step = squared(step);
  }
  return after;
}

function oneZeroBit(): Matrix {
  return Array.from(
    { length: 32 },
    (_, bit) => bit === 0 ? POLYNOMIAL : 2 ** (bit - 1),
  );
}

function times(matrix: Matrix, bits: number): number {
  let product = 0;
  for (let left = bits, bit = 0; left !== 0; left >>>= 1, bit++) {
    if (left & 1) product ^= matrix[bit] ?? 0;
  }
  return product >>> 0;
}

function squared(matrix: Matrix): Matrix {
  return matrix.map((bits) => times(matrix, bits));
}
