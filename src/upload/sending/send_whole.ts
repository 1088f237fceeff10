import type { AIStoreClient } from "../../aistore/client.ts";
import type { ObjectSource } from "../../aistore/form_body.ts";
import { SINGLE_PUT_BYTES } from "../../aistore/multipart.ts";
import { checksumOfBytes } from "./checksum.ts";
import type { Snapshot } from "./read_snapshot.ts";
import { dropUnfinished, sendParts } from "./send_parts.ts";
import { SharedFile } from "./shared_file.ts";
import type { UnfinishedUploads } from "./unfinished_uploads.ts";

/** A version of a file that is sent from its beginning, and where it goes. */
export interface SendWholeOptions {
  /** The version. */
  readonly version: Snapshot;
  /** How much of it is sent. */
  readonly sizeBytes: number;
  /** The path of the node on the server. */
  readonly nodePath: string;
  /** The object's key below the node. */
  readonly key: string;
  /** What is remembered of large files that were sent in part. */
  readonly unfinished: UnfinishedUploads;
  /** Is told how many bytes go out. */
  readonly onSent: (bytes: number) => void;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/**
 * Sends a file from its beginning: from memory, as it is read, or in parts, by its size.
 *
 * @param client The server.
 * @param options The file, and where it goes.
 * @returns The MD5 of what was sent.
 */
export async function sendWhole(
  client: AIStoreClient,
  options: SendWholeOptions,
): Promise<string> {
  const { version, sizeBytes, onSent } = options;
  const { stamp, file, bytes = new Uint8Array() } = version;
  if (file === undefined) {
    const content = bytes.subarray(0, sizeBytes);
    onSent(content.length);
    await put(client, content, options);
    return await checksumOfBytes(content);
  }
  if (sizeBytes > SINGLE_PUT_BYTES) {
    return await sendParts(client, { ...options, file, stamp });
  }
  const { createHash } = await import("node:crypto");
  const hash = createHash("md5");
  const onChunk = (chunk: Uint8Array) => {
    onSent(chunk.length);
    hash.update(chunk);
  };
  const part = { file: new SharedFile(file).from(0), sizeBytes, onChunk };
  await put(client, part, options);
  return hash.digest("hex");
}

async function put(
  client: AIStoreClient,
  source: ObjectSource,
  options: SendWholeOptions,
): Promise<void> {
  const { nodePath, key, signal } = options;
  await client.putObject(`${nodePath}/${key}`, source, { signal });
  await dropUnfinished(client, options);
}
