import type { FileStamp } from "./file_stamp.ts";
import { stampOf } from "./file_stamp.ts";
import { isOsError } from "./os_error.ts";

/**
 * Finds the regular files below a directory. A symbolic link to a regular file counts as that file if it leads to one
 * within the directory; links to directories, and links that lead out of it, are left out.
 *
 * @param dir The directory. If it is gone, nothing is in it.
 * @param onUnreadable Is told what cannot be looked at, by its path, a directory's with `/` at the end, and why.
 * @returns Each file's stamp by its path below the directory, with `/`.
 */
export async function scanDirectory(
  dir: string,
  onUnreadable: (key: string, reason: string) => void = () => {},
): Promise<Map<string, FileStamp>> {
  const found = new Map<string, FileStamp>();
  await scan({ dir, found, onUnreadable }, "");
  return found;
}

interface Scan {
  readonly dir: string;
  readonly found: Map<string, FileStamp>;
  readonly onUnreadable: (key: string, reason: string) => void;
}

async function scan(context: Scan, prefix: string): Promise<void> {
  const { dir, found } = context;
  const entries = await attempt(context, {
    key: prefix,
    operation: () => Array.fromAsync(Deno.readDir(`${dir}/${prefix}`)),
  });
  for (const entry of entries ?? []) {
    const key = prefix + entry.name;
    if (entry.isDirectory) await scan(context, `${key}/`);
    else if (entry.isFile || (entry.isSymlink && await staysWithin(dir, key))) {
      const stamp = await attempt(context, {
        key,
        operation: () => stampOf(`${dir}/${key}`),
      });
      if (stamp !== undefined) found.set(key, stamp);
    }
  }
}

interface Attempt<T> {
  readonly key: string;
  readonly operation: () => Promise<T>;
}

/** What an operation gives, or undefined if its file vanished meanwhile or cannot be looked at, which is told. */
async function attempt<T>(
  context: Scan,
  { key, operation }: Attempt<T>,
): Promise<T | undefined> {
  try {
    return await operation();
  } catch (error) {
    if (!isOsError(error)) throw error;
    if (!isGone(error)) {
      context.onUnreadable(key || "./", `it cannot be read: ${error.message}`);
    }
    return undefined;
  }
}

/**
 * Tells whether a path leads to something within a directory, wherever symbolic links lead.
 *
 * @param dir The directory.
 * @param key The path below it, with `/`.
 * @returns Whether it does; not if that cannot be found out.
 */
export async function staysWithin(dir: string, key: string): Promise<boolean> {
  try {
    return isWithin(
      await Deno.realPath(dir),
      await Deno.realPath(`${dir}/${key}`),
    );
  } catch (error) {
    if (isOsError(error)) return false;
    throw error;
  }
}

/**
 * Tells whether something lies within a directory.
 *
 * @param root The directory's real path.
 * @param target The other's.
 * @returns Whether it does.
 */
export function isWithin(root: string, target: string): boolean {
  return target.startsWith(root) && /^[\\/]/.test(target.slice(root.length));
}

function isGone(error: Error): boolean {
  return error instanceof Deno.errors.NotFound ||
    error instanceof Deno.errors.NotADirectory ||
    error instanceof Deno.errors.FilesystemLoop;
}
