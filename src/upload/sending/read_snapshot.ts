import {
  type FileStamp,
  isSettled,
  sameStamp,
  toStamp,
} from "../../local/file_stamp.ts";

/** Files up to this size are read whole before they are sent. */
export const IN_MEMORY_BYTES = 1024 * 1024;

/** One consistent version of a file, ready to be sent: its content if it is small, otherwise the open file. */
export interface Snapshot extends Disposable {
  /** The version. */
  readonly stamp: FileStamp;
  /** Whether a later write is certain to change the stamp. */
  readonly settled: boolean;
  /** The content of a small file. */
  readonly bytes: Uint8Array | undefined;
  /** The file itself, for a large one; it stays open until the snapshot is disposed. */
  readonly file: Deno.FsFile | undefined;
  /** Tells whether a large file is still the version that it was when the snapshot was made, or has only grown. */
  isIntact(): Promise<boolean>;
}

/**
 * Takes a version of a file. The file may grow meanwhile: what was there at the beginning is a version of it. It may
 * also be replaced: the open file stays what it was.
 *
 * @param path The file.
 * @returns The version, or undefined if the file was changed in place while it was being read.
 */
export async function readSnapshot(
  path: string,
): Promise<Snapshot | undefined> {
  const file = await Deno.open(path);
  let keep = false;
  try {
    const stamp = toStamp(await file.stat());
    const settled = isSettled(stamp, Date.now());
    const isIntact = async () => isVersionOf(stamp, toStamp(await file.stat()));
    if (stamp.sizeBytes > IN_MEMORY_BYTES) {
      keep = true;
      return {
        stamp,
        settled,
        bytes: undefined,
        file,
        isIntact,
        [Symbol.dispose]: () => file.close(),
      };
    }
    const bytes = await readExactly(file, stamp.sizeBytes);
    if (bytes === undefined || !await isIntact()) return undefined;
    return {
      stamp,
      settled,
      bytes,
      file: undefined,
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
