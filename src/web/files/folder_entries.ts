/**
 * Objects as folders: what stands between slashes in their keys.
 *
 * @module
 */

import type { ObjectRecord } from "../api/types.ts";

/** A folder: the beginning that keys have in common. */
export interface FolderEntry {
  readonly name: string;
  /** With `/` at its end. */
  readonly prefix: string;
  readonly count: number;
  readonly bytes: number;
  /** When something in it was stored last, Unix seconds. */
  readonly mtime: number;
}

/** What is in a folder. */
export interface Folder {
  readonly folders: readonly FolderEntry[];
  readonly objects: readonly ObjectRecord[];
  /** Of all that is in it and below. */
  readonly count: number;
  readonly bytes: number;
}

/**
 * Looks into a folder.
 *
 * @param all The objects, by key.
 * @param prefix The folder: `""`, or with `/` at its end.
 * @returns What is in it: folders first, each in order of the keys.
 */
export function folderOf(
  all: readonly ObjectRecord[],
  prefix: string,
): Folder {
  const folders = new Map<string, FolderEntry>();
  const objects: ObjectRecord[] = [];
  let count = 0;
  let bytes = 0;
  for (const object of all) {
    const { path, size_bytes, mtime } = object;
    if (!path.startsWith(prefix)) continue;
    count++;
    bytes += size_bytes;
    const slash = path.indexOf("/", prefix.length);
    if (slash < 0) {
      objects.push(object);
      continue;
    }
    const name = path.slice(prefix.length, slash);
    const old = folders.get(name);
    folders.set(name, {
      name,
      prefix: path.slice(0, slash + 1),
      count: (old?.count ?? 0) + 1,
      bytes: (old?.bytes ?? 0) + size_bytes,
      mtime: Math.max(old?.mtime ?? 0, mtime),
    });
  }
  return { folders: [...folders.values()], objects, count, bytes };
}

/** The folders on the way to one, with the first one's prefix `""` left out. */
export function prefixesOf(prefix: string): readonly string[] {
  const parts = prefix.split("/").slice(0, -1);
  return parts.map((_, i) => `${parts.slice(0, i + 1).join("/")}/`);
}
