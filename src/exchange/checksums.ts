/**
 * The two cyclic redundancy checks that event files use.
 *
 * @module
 */

/**
 * Makes a check of 32 bits, bits reflected, begun and ended with ones.
 *
 * @param polynomial The polynomial, reflected.
 * @returns The check.
 */
function makeCheck(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, index) => {
    let value = index;
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    }
    return value;
  });
  return (bytes) => {
    let value = 0xffffffff;
    for (const byte of bytes) {
      value = (table[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
    }
    return (value ^ 0xffffffff) >>> 0;
  };
}

/** CRC-32 as in zip files. */
export const crc32: (bytes: Uint8Array) => number = makeCheck(0xedb88320);

const crc32c = makeCheck(0x82f63b78);
const MASK_DELTA = 0xa282ead8;

/**
 * CRC-32C (Castagnoli), masked as in TFRecord files, so that a check over bytes that hold one is not weak.
 *
 * @param bytes The bytes.
 * @returns The masked check.
 */
export function maskedCrc32c(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + MASK_DELTA) >>> 0;
}
