import type { FileStamp } from "./file_stamp.ts";
import { scanDirectory } from "./scan_directory.ts";

/**
 * Tells versions of a directory apart without reading its files.
 *
 * @param dir The directory.
 * @returns A text that is another one when a file was made, removed, replaced, or written to; undefined if something
 *   cannot be looked at.
 */
export async function fingerprint(dir: string): Promise<string | undefined> {
  let isUnreadable = false;
  const found = await scanDirectory(dir, () => isUnreadable = true);
  return isUnreadable ? undefined : await fingerprintOf(found);
}

/**
 * The same of files that were looked at already.
 *
 * @param files All files of the directory.
 * @returns The text.
 */
export async function fingerprintOf(
  files: ReadonlyMap<string, FileStamp>,
): Promise<string> {
  const lines = [...files].map(([key, { sizeBytes, mtimeMs, inode }]) =>
    JSON.stringify([key, sizeBytes, mtimeMs, inode])
  ).sort();
  // Of small texts by the thousand, what hashes them elsewhere takes several times as long.
  const { createHash } = await import("node:crypto");
  return createHash("sha256").update(lines.join("\n")).digest("hex");
}
