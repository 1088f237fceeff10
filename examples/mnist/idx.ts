/** An array of bytes read from an idx file, the format of the MNIST originals. */
export interface IdxArray {
  /** The length of each dimension, outermost first. */
  readonly dims: readonly number[];
  /** The elements in row-major order; a view of the file's bytes. */
  readonly data: Uint8Array;
}

/**
 * Reads an idx file: two zero bytes, the element type, the number of dimensions, each dimension as a big-endian 32-bit
 * number, the elements.
 *
 * @param bytes The whole file.
 * @returns Its array.
 * @throws {RangeError} If this is no idx file of unsigned bytes, or if it is cut short.
 */
export function parseIdx(bytes: Uint8Array): IdxArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0 || view.getUint8(2) !== 8) {
    throw new RangeError(
      "Cannot read idx file: it does not start as an array of unsigned bytes does",
    );
  }
  const rank = view.getUint8(3);
  const start = 4 + 4 * rank;
  const dims = bytes.length < start
    ? []
    : Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  const size = dims.reduce((product, length) => product * length, 1);
  if (dims.length !== rank || bytes.length !== start + size) {
    throw new RangeError(
      `Cannot read idx file: it is ${bytes.length} bytes long, wanted ${
        start + size
      } for [${dims.join(", ")}]`,
    );
  }
  return { dims, data: bytes.subarray(start) };
}
