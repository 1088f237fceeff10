import type { AIStoreClient } from "../aistore/client.ts";
import { FileChangedError } from "../aistore/form_body.ts";
import { classifyLater, type Failure } from "../aistore/outcome.ts";
import { ConnectionError } from "../errors.ts";
import type { FileStamp } from "./file_stamp.ts";
import { isOsError } from "./os_error.ts";
import { readSnapshot, type Snapshot } from "./read_snapshot.ts";

/** What the server holds under a key. */
export interface StoredObject {
  /** The size in bytes. */
  readonly sizeBytes: number;
  /** MD5 of the content, lower-case hex. */
  readonly checksum: string;
}

/** What became of a file that was to be sent. */
export type SendOutcome =
  | {
    /** The server has this version. */
    readonly state: "delivered";
    /** The version. */
    readonly stamp: FileStamp;
    /** Whether a later write is certain to change the stamp. */
    readonly settled: boolean;
    /** What the server holds now. */
    readonly stored: StoredObject;
    /** How many bytes were sent; 0 if the server had it already. */
    readonly sentBytes: number;
    /** Whether it was sent. */
    readonly sent: boolean;
  }
  | {
    /** It was changed in place, or vanished, while it was being sent. */
    readonly state: "changed";
    /** How many bytes were sent in vain. */
    readonly sentBytes: number;
  }
  | {
    /** It cannot be read. */
    readonly state: "unreadable";
    /** Why. */
    readonly reason: string;
  }
  | (Failure & {
    /** How many bytes were sent in vain. */
    readonly sentBytes: number;
    /** The version that was not accepted. */
    readonly stamp: FileStamp;
  });

/** A file, and where it goes. */
export interface SendOptions {
  /** The file. */
  readonly path: string;
  /** The object's whole path on the server. */
  readonly objectPath: string;
  /** What the server holds there as far as is known. */
  readonly stored: StoredObject | undefined;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Makes the server hold a file as it is now. Never rejects because of the file, the network or the server.
 *
 * @param client The server.
 * @param options The file, and where it goes.
 * @returns What became of it.
 */
export async function sendFile(
  client: AIStoreClient,
  options: SendOptions,
): Promise<SendOutcome> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("md5");
  let readBytes = 0;
  let snapshot: Snapshot | undefined;
  try {
    snapshot = await readSnapshot(options.path, (chunk) => {
      hash.update(chunk);
      readBytes += chunk.length;
    });
  } catch (error) {
    return unreadable(error);
  }
  if (snapshot === undefined) return { state: "changed", sentBytes: 0 };
  using version = snapshot;
  const { stamp, settled, bytes, part } = version;
  const { sizeBytes } = stamp;
  const delivered = (checksum: string, sent: boolean) =>
    ({
      state: "delivered",
      stamp,
      settled,
      stored: { sizeBytes, checksum },
      sentBytes: sent ? sizeBytes : 0,
      sent,
    }) as const;

  if (options.stored?.sizeBytes === sizeBytes) {
    try {
      const checksum = part === undefined
        ? hash.copy().digest("hex")
        : await checksumOf(part.file, sizeBytes);
      if (checksum === options.stored.checksum) {
        return delivered(checksum, false);
      }
    } catch (error) {
      return unreadable(error);
    }
  }
  try {
    const source = bytes ?? part ?? new Uint8Array();
    await client.putObject(options.objectPath, source, {
      signal: options.signal,
    });
    if (!await version.isIntact()) {
      return { state: "changed", sentBytes: sizeBytes };
    }
    return delivered(hash.digest("hex"), true);
  } catch (error) {
    if (error instanceof FileChangedError) {
      return { state: "changed", sentBytes: readBytes };
    }
    const sentBytes = part === undefined && error instanceof ConnectionError
      ? 0
      : readBytes;
    return { ...classifyLater(error), sentBytes, stamp };
  }
}

/** The checksum of the start of an open file, which is left at its beginning again. */
async function checksumOf(
  file: Deno.FsFile,
  sizeBytes: number,
): Promise<string | undefined> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("md5");
  let left = sizeBytes;
  const buffer = new Uint8Array(256 * 1024);
  while (left > 0) {
    const count = await file.read(
      buffer.subarray(0, Math.min(buffer.length, left)),
    );
    if (count === null) break;
    hash.update(buffer.subarray(0, count));
    left -= count;
  }
  await file.seek(0, Deno.SeekMode.Start);
  if (left > 0) return undefined;
  return hash.digest("hex");
}

function unreadable(error: unknown): SendOutcome {
  if (error instanceof Deno.errors.NotFound) {
    return { state: "changed", sentBytes: 0 };
  }
  if (isOsError(error)) {
    return {
      state: "unreadable",
      reason: `it cannot be read: ${error.message}`,
    };
  }
  throw error;
}
