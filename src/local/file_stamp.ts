/** What tells versions of a file apart without reading it. */
export interface FileStamp {
  /** The size in bytes. */
  readonly sizeBytes: number;
  /** When the content was last changed, in milliseconds since 1970. */
  readonly mtimeMs: number;
  /** The inode's number, 0 where there is none. */
  readonly inode: number;
}

/**
 * Looks at a file.
 *
 * @param path The file.
 * @returns Its stamp, or undefined if it is not a regular file.
 */
export async function stampOf(path: string): Promise<FileStamp | undefined> {
  const info = await Deno.stat(path);
  return info.isFile ? toStamp(info) : undefined;
}

/**
 * Takes what matters out of a `stat`.
 *
 * @param info The result of a `stat`.
 * @returns The stamp.
 */
export function toStamp(info: Deno.FileInfo): FileStamp {
  return {
    sizeBytes: info.size,
    mtimeMs: info.mtime?.getTime() ?? 0,
    inode: info.ino ?? 0,
  };
}

/**
 * Tells whether two stamps are of the same version of a file.
 *
 * @param a One stamp.
 * @param b The other.
 * @returns Whether they are equal.
 */
export function sameStamp(a: FileStamp, b: FileStamp): boolean {
  return a.sizeBytes === b.sizeBytes && a.mtimeMs === b.mtimeMs &&
    a.inode === b.inode;
}

/**
 * Tells whether a stamp that was taken now would change with the next write. The clock of a file system ticks in steps
 * of up to 10 ms: two writes within one step leave the same time. A time that is far off is of another clock, or was set.
 *
 * @param stamp The stamp.
 * @param takenAtMs When it was taken.
 * @returns Whether it can be trusted.
 */
export function isSettled(stamp: FileStamp, takenAtMs: number): boolean {
  return Math.abs(takenAtMs - stamp.mtimeMs) > SETTLED_MS;
}

/** How long after a write the stamp can be trusted, in milliseconds. */
export const SETTLED_MS = 50;
