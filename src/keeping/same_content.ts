import { createHash } from "node:crypto";
import type { AIStoreClient } from "../aistore/client.ts";
import { isMadeOfParts, plainChecksum } from "../aistore/part_checksums.ts";
import { md5File, readPieces } from "../download/local_files.ts";
import { withRetry } from "../download/retry.ts";

/** An object that a file is compared with. */
export interface OtherContent {
  /** The server. */
  readonly client: AIStoreClient;
  /** The object's whole path. */
  readonly object: string;
  /** The object's size, in bytes, which is the file's. */
  readonly sizeBytes: number;
  /** What the server names as its checksum. */
  readonly checksum: string;
  /** Whether it is read back if the checksum proves nothing. Default: up to 8 MiB it is. */
  readonly read?: boolean | undefined;
  /** Told of each piece of the file that was read, once. */
  readonly onRead: (bytes: number) => void;
  /** Told that the object is read back, before it is. */
  readonly onReadBack: (sizeBytes: number) => void;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** What is not longer is read back without being asked for. */
const READ_BACK_BYTES = 8 * 1024 * 1024;

/**
 * Tells whether a file and an object hold the same: by the checksum, be it of the whole or of parts, else by reading.
 *
 * @param path The file.
 * @param other The object.
 * @returns Whether they do; undefined if the checksum proves nothing, and the object was not read.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function isSameContent(
  path: string,
  other: OtherContent,
): Promise<boolean | undefined> {
  const { sizeBytes, signal, read = sizeBytes <= READ_BACK_BYTES } = other;
  const checksum = plainChecksum(other.checksum);
  const local: { signal?: AbortSignal; onRead?: (bytes: number) => void } = {
    ...(signal && { signal }),
    onRead: other.onRead,
  };
  if (/^[0-9a-f]{32}$/.test(checksum)) {
    return await md5File(path, local) === checksum;
  }
  const isSame = await isMadeOfParts({ sizeBytes, checksum }, () => {
    const pieces = readPieces(path, { ...local });
    delete local.onRead;
    return pieces;
  });
  if (isSame) return true;
  if (!read) return undefined;
  const here = await md5File(path, local);
  other.onReadBack(sizeBytes);
  return here === await md5Object(other);
}

async function md5Object(
  { client, object, onRead, signal }: OtherContent,
): Promise<string> {
  return await withRetry(async () => {
    const hash = createHash("md5");
    for await (const piece of await client.getObject(object, { signal })) {
      hash.update(piece);
      onRead(piece.length);
    }
    return hash.digest("hex");
  }, { signal });
}
