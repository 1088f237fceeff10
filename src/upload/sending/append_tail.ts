import { isNodeMissing } from "../../aistore/answers.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import type { ObjectSource } from "../../aistore/form_body.ts";
import { classifyLater } from "../../aistore/outcome.ts";
import { AuthenticationError, ResponseError } from "../../errors.ts";
import { ContentHash } from "./content_hash.ts";
import type { Snapshot } from "./read_snapshot.ts";
import { SharedFile } from "./shared_file.ts";
import type { StoredObject } from "./stored_objects.ts";

/** More than that goes in several requests. */
const TAIL_BYTES = 64 * 1024 * 1024;
/** Up to that a tail is held in memory. */
const TAIL_IN_MEMORY_BYTES = 1024 * 1024;

/** A file that has grown, and what the server has of it. */
export interface AppendOptions {
  /** The version. */
  readonly version: Snapshot;
  /** The object's whole path on the server. */
  readonly objectPath: string;
  /** What the server has: to all appearance a beginning of the version. */
  readonly stored: StoredObject;
  /** What is known of the file's content from the last time. */
  readonly growth: ContentHash | undefined;
  /** Is told how many bytes go out. */
  readonly onSent: (bytes: number) => void;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
}

/** What became of the attempt to send only the end of a file. */
export type AppendOutcome =
  | {
    /** The server has the version. */
    readonly state: "appended";
    /** Its MD5, which the server has confirmed. */
    readonly checksum: string;
    /** What is known of its content, if it is large. */
    readonly growth: ContentHash | undefined;
    /** Whether the whole content was read. */
    readonly isProven: boolean;
  }
  | {
    /** The server has something else than what was thought: ask it. */
    readonly state: "outdated";
  }
  | {
    /** What the server has is no beginning of the version. */
    readonly state: "differs";
  }
  | {
    /** The server, or what is before it, does not take a part of an object. */
    readonly state: "refused";
  };

/**
 * Makes the server have a file by sending only what it lacks. Nothing goes out before the MD5 of what the server has was
 * found to be that of the file's beginning, and nothing counts before the MD5 of the whole in the server's answer is
 * that of the whole here.
 *
 * Of a file that is held in memory every byte is looked at. Of a larger one the MD5 is carried on from the last time, if
 * the first and the last 4 KiB of what was read then are still there; that its middle was not written to meanwhile is
 * `isProven` only if it was read from its beginning.
 *
 * @param client The server.
 * @param options The file, and what the server has of it.
 * @returns What became of it.
 */
export async function appendTail(
  client: AIStoreClient,
  options: AppendOptions,
): Promise<AppendOutcome> {
  const { stored } = options;
  const { bytes, file } = options.version;
  const content = file === undefined
    ? await fromMemory(bytes ?? new Uint8Array(), stored)
    : await fromFile(file, options);
  if (content.hash.checksum !== stored.checksum) return { state: "differs" };
  const refusal = await sendTail(client, content, options);
  if (refusal !== undefined) return { state: refusal };
  return {
    state: "appended",
    checksum: content.hash.checksum,
    growth: file === undefined ? undefined : content.hash,
    isProven: content.isProven,
  };
}

interface Content {
  /** The hash of what the server has. */
  readonly hash: ContentHash;
  /** Whether it began at the file's beginning. */
  readonly isProven: boolean;
  /** Gives what follows. */
  readonly tail: (sizeBytes: number) => Promise<ObjectSource>;
}

async function fromMemory(
  bytes: Uint8Array,
  stored: StoredObject,
): Promise<Content> {
  const hash = await ContentHash.begin();
  hash.add(bytes.subarray(0, stored.sizeBytes));
  const tail = (sizeBytes: number) => {
    const chunk = bytes.subarray(hash.sizeBytes, hash.sizeBytes + sizeBytes);
    hash.add(chunk);
    return Promise.resolve(chunk);
  };
  return { hash, isProven: true, tail };
}

async function fromFile(
  open: Deno.FsFile,
  { stored, growth, signal }: AppendOptions,
): Promise<Content> {
  const file = new SharedFile(open);
  const isUsable = growth !== undefined &&
    growth.sizeBytes <= stored.sizeBytes && await growth.isStillIn(file);
  const hash = isUsable ? growth.copy() : await ContentHash.begin();
  await hash.read(file, stored.sizeBytes - hash.sizeBytes, signal);
  const tail = async (sizeBytes: number) => {
    const start = file.from(hash.sizeBytes);
    const onChunk = (chunk: Uint8Array) => hash.add(chunk);
    if (sizeBytes > TAIL_IN_MEMORY_BYTES) {
      return { file: start, sizeBytes, onChunk };
    }
    const chunk = await file.bytes(hash.sizeBytes, sizeBytes);
    hash.add(chunk);
    return chunk;
  };
  return { hash, isProven: !isUsable, tail };
}

/** Sends what the server lacks; undefined if it has all then. */
async function sendTail(
  client: AIStoreClient,
  { hash, tail }: Content,
  { version, objectPath, onSent, signal }: AppendOptions,
): Promise<"outdated" | "refused" | "differs" | undefined> {
  const { sizeBytes } = version.stamp;
  while (hash.sizeBytes < sizeBytes) {
    const offsetBytes = hash.sizeBytes;
    const length = Math.min(sizeBytes - offsetBytes, TAIL_BYTES);
    const source = await tail(length);
    onSent(length);
    try {
      const result = await client.appendObject(objectPath, {
        source,
        offsetBytes,
        signal,
      });
      if (result.state === "mismatch") return "outdated";
      const isAsHere = result.sizeBytes === hash.sizeBytes &&
        result.checksum === hash.checksum;
      if (!isAsHere) return "differs";
    } catch (error) {
      // A gateway may deny the method alone. With a key that is not good any more this fails as well.
      if (error instanceof AuthenticationError) {
        await client.userInfo({ signal });
        return "refused";
      }
      const reaction = reactionTo(error);
      if (reaction === undefined) throw error;
      return reaction;
    }
  }
  return undefined;
}

function reactionTo(error: unknown): "outdated" | "refused" | undefined {
  if (!(error instanceof ResponseError) || isNodeMissing(error)) {
    return undefined;
  }
  if (error.status === 404) return "outdated";
  const isRefused = error.status === 501 ||
    classifyLater(error).state === "rejected";
  return isRefused ? "refused" : undefined;
}
