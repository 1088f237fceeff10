import { join } from "@std/path";
import type { AIStoreClient } from "../aistore/client.ts";
import type { ObjectRecord } from "../aistore/protocol.ts";
import { listObjects } from "../download/list_objects.ts";
import { type FileStamp, sameStamp, stampOf } from "../local/file_stamp.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { scanDirectory } from "../local/scan_directory.ts";
import { isSameContent } from "./same_content.ts";
import { isSameButForRecords } from "./same_metadata.ts";

/** In what a directory and a node differ. */
export interface Difference {
  /** The object's key, which is the file's path below the directory, with `/`. */
  readonly key: string;
  /**
   * `missing-there`: the server has no such object. `missing-here`: there is no such file. `different`: size or MD5 are not
   * the same. `changed`: the file was written to meanwhile. `unreadable`: the file cannot be read. `unproven`: the sizes
   * are the same, what the server names as the checksum proves nothing, and the object was not read back.
   */
  readonly problem:
    | "missing-there"
    | "missing-here"
    | "different"
    | "changed"
    | "unreadable"
    | "unproven";
  /** The size of the file, in bytes; undefined if there is none. */
  readonly bytesHere: number | undefined;
  /** The size of the object, in bytes; undefined if there is none. */
  readonly bytesThere: number | undefined;
}

/** What a comparison has shown. */
export interface Proof {
  /** How many files and objects were compared. */
  readonly objects: number;
  /** How long the files are together, in bytes. */
  readonly bytes: number;
  /** In what they differ; none if the server has all of the directory, and nothing else. */
  readonly differences: readonly Difference[];
  /** What the server has listed: see {@linkcode listingOf}. */
  readonly listing: string;
}

/** What {@linkcode proveWhole} compares with, and who is told. */
export interface ProveOptions {
  /** The server. */
  readonly client: AIStoreClient;
  /** The node's path. */
  readonly node: string;
  /** Whether objects of any size are read back whose checksum proves nothing. Default: those up to 8 MiB are. */
  readonly read?: boolean | undefined;
  /** Told how much of the files has been read, and how much there is to read, in bytes. */
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
  /** Ends it. */
  readonly signal?: AbortSignal;
}

/**
 * Compares a directory with a node, object by object: what the server lists, by size and checksum, with what is read from
 * the disk now. The checksum may be the MD5, or that of an object that came in parts; where it is neither, or of parts of
 * an unusual size, the object is read back. What a download has added to the metadata does not count as a difference.
 *
 * @param dir The directory.
 * @param options What with.
 * @returns In what they differ.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function proveWhole(
  dir: string,
  options: ProveOptions,
): Promise<Proof> {
  const { onProgress } = options;
  const objects = await listObjects(options.client, options.node, options);
  const differences: Difference[] = [];
  const files = await scanDirectory(dir, (key) => {
    const bytesThere = objects.get(key)?.size_bytes;
    const unreadable = { problem: "unreadable", bytesHere: undefined } as const;
    differences.push({ key, ...unreadable, bytesThere });
  });
  const bytes = [...files.values()].reduce(
    (sum, { sizeBytes }) => sum + sizeBytes,
    0,
  );
  let totalBytes = bytes;
  let doneBytes = 0;
  const onRead = (read: number) => onProgress?.(doneBytes += read, totalBytes);
  const onReadBack = (sizeBytes: number) => totalBytes += sizeBytes;
  for (const [key, stamp] of files) {
    const object = objects.get(key);
    const problem = await compare(key, {
      ...options,
      dir,
      stamp,
      object,
      onRead,
      onReadBack,
    });
    if (problem !== undefined) {
      differences.push({
        key,
        problem,
        bytesHere: stamp.sizeBytes,
        bytesThere: object?.size_bytes,
      });
    }
  }
  const unseen = new Set(differences.map(({ key }) => key));
  for (const [key, { size_bytes: bytesThere }] of objects) {
    if (files.has(key) || unseen.has(key)) continue;
    differences.push({
      key,
      problem: "missing-here",
      bytesHere: undefined,
      bytesThere,
    });
  }
  differences.sort((a, b) => a.key < b.key ? -1 : 1);
  const keys = new Set([...files.keys(), ...objects.keys()]);
  const listing = textOf(objects);
  return { objects: keys.size, bytes, differences, listing };
}

/**
 * Asks a server what it holds of a node.
 *
 * @param options The server and the node.
 * @returns A text that is another one when an object was made, changed or deleted.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function listingOf(
  options: Pick<ProveOptions, "client" | "node" | "signal">,
): Promise<string> {
  return textOf(await listObjects(options.client, options.node, options));
}

function textOf(objects: ReadonlyMap<string, ObjectRecord>): string {
  const lines = [...objects].map(([key, { size_bytes, checksum }]) =>
    JSON.stringify([key, size_bytes, checksum])
  );
  return lines.sort().join("\n");
}

interface Comparison extends ProveOptions {
  readonly dir: string;
  readonly stamp: FileStamp;
  readonly object: ObjectRecord | undefined;
  readonly onRead: (bytes: number) => void;
  readonly onReadBack: (sizeBytes: number) => void;
}

async function compare(
  key: string,
  { dir, stamp, object, ...options }: Comparison,
): Promise<Difference["problem"] | undefined> {
  if (object === undefined) return "missing-there";
  const path = join(dir, key);
  const isMetadata = key === METADATA_FILE;
  try {
    if (object.size_bytes === stamp.sizeBytes) {
      const { size_bytes: sizeBytes, checksum } = object;
      const isSame = await isSameContent(path, {
        ...options,
        object: `${options.node}/${key}`,
        sizeBytes,
        checksum,
      });
      const now = await stampOf(path);
      if (now === undefined || !sameStamp(stamp, now)) return "changed";
      if (isSame === true) return undefined;
      if (isSame === undefined) return "unproven";
    }
    return isMetadata && await isSameButForRecords(path, options)
      ? undefined
      : "different";
  } catch (error) {
    if (!isOsError(error)) throw error;
    return "unreadable";
  }
}
