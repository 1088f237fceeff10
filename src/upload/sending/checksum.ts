import { type FilePart, readPart } from "../../aistore/form_body.ts";
import { isMadeOfParts, partCount } from "../../aistore/part_checksums.ts";
import type { SharedFile } from "./shared_file.ts";
import type { StoredObject } from "./stored_objects.ts";

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
  for await (const chunk of pieces(part, signal)) hash.update(chunk);
  return hash.digest("hex");
}

async function* pieces(
  part: FilePart,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of readPart(part)) {
    signal?.throwIfAborted();
    yield chunk;
  }
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

/**
 * Tells whether the server names the checksum of parts for an object, which is no MD5 of the whole.
 *
 * @param stored The object.
 * @returns Whether it does.
 */
export function isInParts(stored: StoredObject): boolean {
  return partCount(stored.checksum) !== undefined;
}

/**
 * Tells whether a content is an object that came in parts.
 *
 * @param content The open file, or the bytes; as long as the object.
 * @param stored The object.
 * @param signal Breaks the reading off.
 * @returns Whether that is certain.
 * @throws {FileChangedError} If the file ends before.
 */
export async function isStoredInParts(
  content: SharedFile | Uint8Array,
  stored: StoredObject,
  signal?: AbortSignal,
): Promise<boolean> {
  const { sizeBytes } = stored;
  return await isMadeOfParts(
    stored,
    () =>
      content instanceof Uint8Array
        ? inOnePiece(content)
        : pieces({ file: content.from(0), sizeBytes }, signal),
  );
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
