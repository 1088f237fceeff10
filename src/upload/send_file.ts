import type { AIStoreClient } from "../aistore/client.ts";
import { FileChangedError } from "../aistore/form_body.ts";
import { SINGLE_PUT_BYTES } from "../aistore/multipart.ts";
import { classifyLater, type Failure } from "../aistore/outcome.ts";
import { ConnectionError } from "../errors.ts";
import { checksumOf } from "./checksum.ts";
import type { FileStamp } from "./file_stamp.ts";
import { isOsError } from "./os_error.ts";
import { readSnapshot, type Snapshot } from "./read_snapshot.ts";
import { dropUnfinished, sendParts } from "./send_parts.ts";
import type { UnfinishedUploads } from "./unfinished_uploads.ts";

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
  /** The path of the node on the server. */
  readonly nodePath: string;
  /** The object's key below the node. */
  readonly key: string;
  /** What the server holds there as far as is known. */
  readonly stored: StoredObject | undefined;
  /** What is remembered of large files that were sent in part. */
  readonly unfinished: UnfinishedUploads;
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
  const { nodePath, key, unfinished, signal } = options;
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
      sentBytes: sent ? readBytes : 0,
      sent,
    }) as const;

  if (options.stored?.sizeBytes === sizeBytes) {
    try {
      const checksum = part === undefined
        ? hash.copy().digest("hex")
        : await checksumFromStart(part.file, sizeBytes);
      if (checksum === options.stored.checksum) {
        await dropUnfinished(client, options);
        return delivered(checksum, false);
      }
    } catch (error) {
      return unreadable(error);
    }
  }
  try {
    let checksum: string | undefined;
    if (part !== undefined && sizeBytes > SINGLE_PUT_BYTES) {
      const { file } = part;
      const onSent = (bytes: number) => readBytes += bytes;
      checksum = await sendParts(client, {
        file,
        stamp,
        nodePath,
        key,
        unfinished,
        onSent,
        signal,
      });
    } else {
      const source = bytes ?? part ?? new Uint8Array();
      await client.putObject(`${nodePath}/${key}`, source, { signal });
      await dropUnfinished(client, options);
    }
    if (!await version.isIntact()) {
      return { state: "changed", sentBytes: readBytes };
    }
    return delivered(checksum ?? hash.digest("hex"), true);
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
async function checksumFromStart(
  file: Deno.FsFile,
  sizeBytes: number,
): Promise<string | undefined> {
  try {
    return await checksumOf({ file, sizeBytes });
  } catch (error) {
    if (error instanceof FileChangedError) return undefined;
    throw error;
  } finally {
    await file.seek(0, Deno.SeekMode.Start);
  }
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
