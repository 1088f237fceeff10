import { createHash } from "node:crypto";
import { join } from "@std/path";
import { isMadeOfParts } from "../aistore/part_checksums.ts";
import type { PlannedObject } from "./plan.ts";

const CHUNK_BYTES = 256 * 1024;

/** Options of {@linkcode md5File} and {@linkcode readPieces}. */
export interface Md5FileOptions {
  /** Ends the work. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each piece that was read, by its length in bytes. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * Computes the MD5 of a file piece by piece.
 *
 * @param path The file.
 * @param options Abort, and who is told how far it has come.
 * @returns Lower-case hex.
 */
export async function md5File(
  path: string,
  options: Md5FileOptions = {},
): Promise<string> {
  const hash = createHash("md5");
  for await (const piece of readPieces(path, options)) hash.update(piece);
  return hash.digest("hex");
}

/**
 * Reads a file piece by piece.
 *
 * @param path The file.
 * @param options Abort, and who is told how far it has come.
 * @returns The pieces; each is of use only until the next one is asked for.
 */
export async function* readPieces(
  path: string,
  { signal, onRead }: Md5FileOptions = {},
): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(CHUNK_BYTES);
  using file = await Deno.open(path, { read: true });
  for (;;) {
    signal?.throwIfAborted();
    const read = await file.read(buffer);
    if (read === null) return;
    yield buffer.subarray(0, read);
    onRead?.(read);
  }
}

/**
 * Tells whether something is at a path, be it a link that leads nowhere.
 *
 * @param path The path.
 * @returns Whether it is.
 */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/**
 * Tells whether a file is an object.
 *
 * @param path The file; it need not exist.
 * @param object The object.
 * @param signal Ends the work.
 * @returns Whether size and checksum are the same; without a checksum that proves it, no file is.
 */
export async function isObject(
  path: string,
  object: PlannedObject,
  signal?: AbortSignal,
): Promise<boolean> {
  try {
    const { isFile, size } = await Deno.lstat(path);
    if (!isFile || size !== object.sizeBytes) return false;
    return object.md5 === undefined
      ? await isProvenByParts(path, object, signal)
      : await md5File(path, { signal }) === object.md5;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return false;
    throw error;
  }
}

/**
 * Tells whether a file is an object that came in parts.
 *
 * @param path The file, as long as the object.
 * @param object The object.
 * @param signal Ends the work.
 * @returns Whether that is certain: false also if the server names no checksum of parts, or these are of an unusual size.
 */
export async function isProvenByParts(
  path: string,
  { sizeBytes, inParts }: PlannedObject,
  signal?: AbortSignal,
): Promise<boolean> {
  if (inParts === undefined) return false;
  const object = { sizeBytes, checksum: inParts };
  return await isMadeOfParts(object, () => readPieces(path, { signal }));
}

/**
 * Removes from a directory every file that is not wanted there, and the directories that become empty.
 *
 * @param dir The directory.
 * @param wanted The paths of the wanted files, with `/`.
 */
export async function removeUnwanted(
  dir: string,
  wanted: ReadonlySet<string>,
): Promise<void> {
  await prune(dir, "", wanted);
}

/** Whether something is left. */
async function prune(
  dir: string,
  below: string,
  wanted: ReadonlySet<string>,
): Promise<boolean> {
  let isLeft = false;
  for await (const { name, isDirectory } of Deno.readDir(join(dir, below))) {
    const path = below + name;
    const keep = isDirectory
      ? await prune(dir, `${path}/`, wanted)
      : wanted.has(path);
    if (keep) isLeft = true;
    else await Deno.remove(join(dir, path));
  }
  return isLeft;
}
