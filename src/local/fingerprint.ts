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
  if (isUnreadable) return undefined;
  const lines = [...found].map(([key, { sizeBytes, mtimeMs, inode }]) =>
    JSON.stringify([key, sizeBytes, mtimeMs, inode])
  ).sort();
  const digest = await crypto.subtle.digest(
    "SHA-256",
    new TextEncoder().encode(lines.join("\n")),
  );
  return new Uint8Array(digest).toHex();
}
