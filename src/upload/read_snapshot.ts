import type { FilePart } from "../aistore/form_body.ts";
import { type FileStamp, isSettled, sameStamp, toStamp } from "./file_stamp.ts";

/** Files up to this size are read whole before they are sent. */
export const IN_MEMORY_BYTES = 1024 * 1024;

/** One consistent version of a file, ready to be sent. */
export interface Snapshot {
  /** The version. */
  readonly stamp: FileStamp;
  /** Whether a later write is certain to change the stamp. */
  readonly settled: boolean;
  /** The content of a small file. */
  readonly bytes?: Uint8Array;
  /** The content of a large file; the file stays open until the snapshot is disposed. */
  readonly part?: FilePart & { readonly file: Deno.FsFile };
  /** Tells whether a large file is still the version that it was when the snapshot was made, or has only grown. */
  isIntact(): Promise<boolean>;
  /** Closes the file. */
  [Symbol.dispose](): void;
}

/**
 * Takes a version of a file. The file may grow meanwhile: what was there at the beginning is a version of it. It may
 * also be replaced: the open file stays what it was.
 *
 * @param path The file.
 * @param onChunk Sees the content of a large file as it is sent.
 * @returns The version, or undefined if the file was changed in place while it was being read.
 */
export async function readSnapshot(
  path: string,
  onChunk: (chunk: Uint8Array) => void,
): Promise<Snapshot | undefined> {
  const file = await Deno.open(path);
  let keep = false;
  try {
    const stamp = toStamp(await file.stat());
    const settled = isSettled(stamp, Date.now());
    const isIntact = async () => isVersionOf(stamp, toStamp(await file.stat()));
    if (stamp.sizeBytes > IN_MEMORY_BYTES) {
      keep = true;
      const part = { file, sizeBytes: stamp.sizeBytes, onChunk };
      return {
        stamp,
        settled,
        part,
        isIntact,
        [Symbol.dispose]: () => file.close(),
      };
    }
    const bytes = await readExactly(file, stamp.sizeBytes);
    if (bytes === undefined || !await isIntact()) return undefined;
    onChunk(bytes);
    return {
      stamp,
      settled,
      bytes,
      isIntact: () => Promise.resolve(true),
      [Symbol.dispose]() {},
    };
  } finally {
    if (!keep) file.close();
  }
}

/** Whether a file that was `before` and is `now` has not changed, or has only grown. */
function isVersionOf(before: FileStamp, now: FileStamp): boolean {
  return now.sizeBytes > before.sizeBytes || sameStamp(before, now);
}

async function readExactly(
  file: Deno.FsFile,
  sizeBytes: number,
): Promise<Uint8Array | undefined> {
  const bytes = new Uint8Array(sizeBytes);
  let length = 0;
  while (length < sizeBytes) {
    const count = await file.read(bytes.subarray(length));
    if (count === null) return undefined;
    length += count;
  }
  return bytes;
}
