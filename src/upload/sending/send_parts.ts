import { isNodeMissing, isUploadMissing } from "../../aistore/answers.ts";
import { type Clock, systemClock } from "../../aistore/backoff.ts";
import type { AIStoreClient } from "../../aistore/client.ts";
import {
  type MultipartUpload,
  partBytes,
  type SentPart,
} from "../../aistore/multipart.ts";
import { classifyLater } from "../../aistore/outcome.ts";
import { plainChecksum } from "../../aistore/part_checksums.ts";
import { MULTIPART_LIST } from "../../aistore/protocol.ts";
import { ResponseError } from "../../errors.ts";
import { checksumOf, isStoredInParts } from "./checksum.ts";
import type { FileStamp } from "../../local/file_stamp.ts";
import { PartsSender } from "./parts_sender.ts";
import { SharedFile } from "./shared_file.ts";
import { tryAgain } from "../gate/try_again.ts";
import { isOfVersion, type UnfinishedUploads } from "./unfinished_uploads.ts";

/** A large file, and where it goes. */
export interface SendPartsOptions {
  /** The open file. */
  readonly file: Deno.FsFile;
  /** The version of it that is sent. */
  readonly stamp: FileStamp;
  /** The path of the node on the server. */
  readonly nodePath: string;
  /** The object's key below the node. */
  readonly key: string;
  /** What is remembered of earlier attempts. */
  readonly unfinished: UnfinishedUploads;
  /** Is told how many bytes go out. */
  readonly onSent: (bytes: number) => void;
  /** Ends the attempt. */
  readonly signal: AbortSignal;
  /** The time. Default: the real one. */
  readonly clock?: Clock;
}

/**
 * Sends a large file in parts, several at the same time, each tried a few times by itself. Where the server can list the
 * parts that it has, an attempt that is interrupted is remembered, and the next one sends only the others; elsewhere,
 * and after a refusal, the server is told to forget the parts.
 *
 * @param client The server.
 * @param options The file, and where it goes.
 * @returns The MD5 of what the server has now.
 */
export async function sendParts(
  client: AIStoreClient,
  options: SendPartsOptions,
): Promise<string> {
  const { stamp, nodePath, key, unfinished, signal } = options;
  const { sizeBytes } = stamp;
  const { clock = systemClock } = options;
  const objectPath = `${nodePath}/${key}`;
  const partSize = partBytes(sizeBytes);
  const file = new SharedFile(options.file);
  const whole = () => checksumOf({ file: file.from(0), sizeBytes }, signal);

  const found = await findUpload(client, options);
  if (found === "over") {
    const checksum = await checksumIfStored(client, options, whole);
    if (checksum !== undefined) return checksum;
  }
  const earlier = found === "over" ? undefined : found;
  const upload = earlier?.upload ??
    await client.beginUpload(objectPath, { signal });
  const canList = client.can(MULTIPART_LIST);
  const isRemembered = canList && unfinished.remember({
    host: client.host,
    objectPath,
    uploadId: upload.id,
    sizeBytes,
    mtimeMs: stamp.mtimeMs,
    partBytes: partSize,
  });
  try {
    const sender = new PartsSender(upload, {
      file,
      sizeBytes,
      partBytes: partSize,
      received: earlier?.received ?? [],
      isETagCrc: canList,
      onSent: options.onSent,
      clock,
    });
    const parts = await sender.run(signal);
    const checksum = await complete(client, {
      ...options,
      upload,
      parts,
      whole,
    });
    unfinished.forget(client.host, objectPath);
    return checksum;
  } catch (error) {
    const isOver = isUploadMissing(error);
    const mayGoOn = signal.aborted ||
      classifyLater(error).state === "retryable";
    if (isOver || !isRemembered || !mayGoOn) {
      unfinished.forget(client.host, objectPath);
      if (!isOver) await upload.abort();
    }
    throw error;
  }
}

/** An upload that was begun before, and what the server has of it. */
interface FoundUpload {
  readonly upload: MultipartUpload;
  readonly received: Awaited<ReturnType<MultipartUpload["parts"]>>;
}

/** The upload of this version that was begun before, or `over` if the server does not know it any more. */
async function findUpload(
  client: AIStoreClient,
  options: SendPartsOptions,
): Promise<FoundUpload | "over" | undefined> {
  const { stamp, nodePath, key, unfinished, signal } = options;
  const objectPath = `${nodePath}/${key}`;
  const known = unfinished.find(client.host, objectPath);
  if (known === undefined) return undefined;
  const fits = isOfVersion(known, stamp) &&
    known.partBytes === partBytes(stamp.sizeBytes);
  if (!fits || !client.can(MULTIPART_LIST)) {
    await dropUnfinished(client, options);
    return undefined;
  }
  const upload = client.upload(objectPath, known.uploadId);
  const received = await upload.parts({ signal });
  if (received !== undefined) return { upload, received };
  unfinished.forget(client.host, objectPath);
  return "over";
}

/**
 * Gives up what was sent of an object in parts and is of no use any more.
 *
 * @param client The server.
 * @param options The object, and what is remembered.
 */
export async function dropUnfinished(
  client: AIStoreClient,
  options: Pick<SendPartsOptions, "nodePath" | "key" | "unfinished">,
): Promise<void> {
  const { nodePath, key, unfinished } = options;
  const objectPath = `${nodePath}/${key}`;
  const known = unfinished.find(client.host, objectPath);
  if (known === undefined) return;
  unfinished.forget(client.host, objectPath);
  await client.upload(objectPath, known.uploadId).abort();
}

interface CompleteOptions extends SendPartsOptions {
  readonly upload: MultipartUpload;
  readonly parts: readonly SentPart[];
  readonly whole: () => Promise<string>;
}

/** Makes the parts one object. The server may have done so although its answer was lost: then it knows no upload any more. */
async function complete(
  client: AIStoreClient,
  options: CompleteOptions,
): Promise<string> {
  const { upload, parts, stamp, signal, whole } = options;
  const { clock = systemClock } = options;
  try {
    const checksum = await tryAgain(
      () => upload.complete(parts, { sizeBytes: stamp.sizeBytes, signal }),
      { signal, clock },
    );
    return checksum ?? await whole();
  } catch (error) {
    const isMissing = error instanceof ResponseError && error.status === 404 &&
      !isNodeMissing(error);
    const checksum = isMissing
      ? await checksumIfStored(client, options, whole)
      : undefined;
    if (checksum === undefined) throw error;
    return checksum;
  }
}

/** The checksum of the file if it is the object that the server has. */
async function checksumIfStored(
  client: AIStoreClient,
  { file, nodePath, key, stamp, signal }: SendPartsOptions,
  whole: () => Promise<string>,
): Promise<string | undefined> {
  for await (const object of client.listObjects(nodePath, { signal })) {
    if (object.path.replace(/^\/+/, "") !== key) continue;
    if (object.size_bytes !== stamp.sizeBytes) return undefined;
    const md5 = await whole();
    const { sizeBytes } = stamp;
    const checksum = plainChecksum(object.checksum);
    // AIStore names the checksum of every object, but not every storage below it is known to.
    const isSame = checksum === "" || checksum === md5 ||
      await isStoredInParts(
        new SharedFile(file),
        { sizeBytes, checksum },
        signal,
      );
    return isSame ? md5 : undefined;
  }
  return undefined;
}
