/**
 * Reads until a buffer is full or the file ends.
 *
 * @param file The file.
 * @param buffer What is filled.
 * @returns How many bytes were read.
 */
export function readFull(file: Deno.FsFile, buffer: Uint8Array): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = file.readSync(buffer.subarray(filled));
    if (read === null) break;
    filled += read;
  }
  return filled;
}
