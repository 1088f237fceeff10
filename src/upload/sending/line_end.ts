import type { Snapshot } from "./read_snapshot.ts";
import { SharedFile } from "./shared_file.ts";

/** The longest line that is looked for. */
const LINE_BYTES = 64 * 1024;
const NEWLINE = 10;

/**
 * Finds where a beginning of a file is to end, so that it ends with a line if the file has lines.
 *
 * @param version The file.
 * @param limitBytes The longest beginning that is wanted.
 * @returns Its length.
 */
export async function lineEnd(
  version: Snapshot,
  limitBytes: number,
): Promise<number> {
  const { stamp, bytes, file } = version;
  if (limitBytes >= stamp.sizeBytes) return stamp.sizeBytes;
  const start = Math.max(0, limitBytes - LINE_BYTES);
  const last = file === undefined
    ? bytes?.subarray(start, limitBytes)
    : await new SharedFile(file).bytes(start, limitBytes - start);
  const at = last?.lastIndexOf(NEWLINE) ?? -1;
  return at === -1 ? limitBytes : start + at + 1;
}
