import { basename, join, relative, resolve } from "@std/path";
import { NotFoundError } from "../errors.ts";
import { requireAccess } from "../local/permissions.ts";
import { type FileStamp, toStamp } from "../local/file_stamp.ts";

/** A file that is to be copied into an artifact. */
export interface SourceFile {
  /** Where it is. */
  readonly path: string;
  /** Its path below the directory that is added, with `/`. */
  readonly key: string;
  /** Which version of it is to be copied. */
  readonly stamp: FileStamp;
}

/**
 * Looks at a file that is to be added. A symbolic link counts as what it leads to.
 *
 * @param path The file.
 * @returns The file.
 * @throws {NotFoundError} If it is not there, or no regular file.
 */
export async function sourceFile(path: string): Promise<SourceFile> {
  requireAccess(path, { names: ["read"], what: "the file" });
  const info = await statOrNothing(path);
  if (info === undefined || !info.isFile) {
    throw new NotFoundError(path, "file that could be added");
  }
  return { path, key: basename(resolve(path)), stamp: toStamp(info) };
}

/**
 * Finds the files of a directory that is to be added. A symbolic link counts as what it leads to, if that lies within the
 * directory.
 *
 * @param path The directory.
 * @param artifactDir The artifact's directory, which must not lie within it.
 * @returns The files, sorted by their keys.
 * @throws {NotFoundError} If the directory is not there.
 * @throws {RangeError} If it holds something that cannot be added: a link that leads out of it, nowhere or in a circle, a
 * pipe, a socket, a device, or the artifact itself.
 */
export async function sourceTree(
  path: string,
  artifactDir: string,
): Promise<SourceFile[]> {
  requireAccess(path, { names: ["read"], what: "the directory" });
  const info = await statOrNothing(path);
  if (!info?.isDirectory) {
    throw new NotFoundError(path, "directory that could be added");
  }
  const root = await Deno.realPath(path);
  if (isWithin(root, await Deno.realPath(artifactDir))) {
    throw new RangeError(
      `Cannot add "${path}": the artifact itself lies within it`,
    );
  }
  const files: SourceFile[] = [];
  await visit({ top: path, root, files }, { key: "", above: [root] });
  return files.sort((a, b) => a.key < b.key ? -1 : 1);
}

interface Walk {
  /** The directory as the user gave it. */
  readonly top: string;
  /** The directory without symbolic links. */
  readonly root: string;
  readonly files: SourceFile[];
}

interface Place {
  /** The path below the top, with `/` at the end; empty at the top. */
  readonly key: string;
  /** The real paths of the directories from the top to here. */
  readonly above: readonly string[];
}

async function visit(walk: Walk, place: Place): Promise<void> {
  for await (const entry of Deno.readDir(join(walk.top, place.key))) {
    const key = place.key + entry.name;
    const path = join(walk.top, key);
    const info = entry.isSymlink ? await followed(walk, path) : undefined;
    if (info?.isDirectory ?? entry.isDirectory) {
      const real = await Deno.realPath(path);
      if (place.above.includes(real)) {
        throw refusal(path, "a symbolic link that leads in a circle");
      }
      await visit(walk, { key: `${key}/`, above: [...place.above, real] });
    } else if (info?.isFile ?? entry.isFile) {
      const stamp = toStamp(info ?? Deno.statSync(path));
      walk.files.push({ path, key, stamp });
    } else throw refusal(path, "neither a file nor a directory");
  }
}

/** What a symbolic link leads to. */
async function followed(walk: Walk, path: string): Promise<Deno.FileInfo> {
  const info = await statOrNothing(path);
  if (info === undefined) {
    throw refusal(path, "a symbolic link that leads nowhere");
  }
  const target = await Deno.realPath(path);
  if (isWithin(walk.root, target)) return info;
  throw refusal(
    path,
    `a symbolic link that leads out of the directory, to "${target}"`,
  );
}

function refusal(path: string, what: string): RangeError {
  return new RangeError(
    `Cannot add "${path}": it is ${what}; remove it, or add what is wanted of the directory one by one`,
  );
}

function isWithin(dir: string, path: string): boolean {
  const way = relative(dir, path);
  return way === "" || !/^\.\.(?:[\\/]|$)/.test(way);
}

async function statOrNothing(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.stat(path);
  } catch (error) {
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.FilesystemLoop;
    if (gone) return undefined;
    throw error;
  }
}
