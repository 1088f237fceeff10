import { type FilePart, readPart } from "../../aistore/form_body.ts";

/**
 * The MD5 of a part of a file; memory does not depend on its size.
 *
 * @param part The part.
 * @param signal Breaks the reading off.
 * @returns The checksum, lower-case hex.
 * @throws {FileChangedError} If the file ends before.
 */
export async function checksumOf(
  part: FilePart,
  signal?: AbortSignal,
): Promise<string> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("md5");
  for await (const chunk of readPart(part)) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest("hex");
}

/**
 * The MD5 of bytes in memory.
 *
 * @param bytes The bytes.
 * @returns The checksum, lower-case hex.
 */
export async function checksumOfBytes(bytes: Uint8Array): Promise<string> {
  const { createHash } = await import("node:crypto");
  return createHash("md5").update(bytes).digest("hex");
}
