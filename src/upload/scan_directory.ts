import type { FileStamp } from "./file_stamp.ts";
import { stampOf } from "./file_stamp.ts";

/**
 * Finds the regular files below a directory. A symbolic link to a regular file counts as that file if it leads to one
 * within the directory; links to directories, and links that lead out of it, are left out.
 *
 * @param dir The directory. If it is gone, nothing is in it.
 * @returns Each file's stamp by its path below the directory, with `/`.
 */
export async function scanDirectory(
  dir: string,
): Promise<Map<string, FileStamp>> {
  const found = new Map<string, FileStamp>();
  await scan({ dir, found }, "");
  return found;
}

interface Scan {
  readonly dir: string;
  readonly found: Map<string, FileStamp>;
}

async function scan(context: Scan, prefix: string): Promise<void> {
  const { dir, found } = context;
  for (const entry of await entriesOf(`${dir}/${prefix}`)) {
    const key = prefix + entry.name;
    if (entry.isDirectory) await scan(context, `${key}/`);
    else if (entry.isFile || (entry.isSymlink && await staysWithin(dir, key))) {
      const stamp = await unlessGone(() => stampOf(`${dir}/${key}`));
      if (stamp !== undefined) found.set(key, stamp);
    }
  }
}

async function entriesOf(path: string): Promise<Deno.DirEntry[]> {
  return await unlessGone(() => Array.fromAsync(Deno.readDir(path))) ?? [];
}

async function staysWithin(dir: string, key: string): Promise<boolean> {
  const root = await unlessGone(() => Deno.realPath(dir));
  const target = await unlessGone(() => Deno.realPath(`${dir}/${key}`));
  if (root === undefined || target === undefined) return false;
  return target.startsWith(root) && /^[\\/]/.test(target.slice(root.length));
}

/** What an operation gives, or undefined if its file vanished meanwhile or may not be read. */
async function unlessGone<T>(
  operation: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable ||
      error instanceof Deno.errors.PermissionDenied ||
      error instanceof Deno.errors.NotADirectory ||
      error instanceof Deno.errors.FilesystemLoop;
    if (gone) return undefined;
    throw error;
  }
}
