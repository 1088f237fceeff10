import { join, relative, resolve, sep } from "node:path";
import { toPath } from "./to_path.ts";

/** Options of {@linkcode copy}. */
export interface CopyOptions {
  /** Replaces what is there already; false if left out. */
  overwrite?: boolean;
  /** Keeps the times of access and change; false if left out. */
  preserveTimestamps?: boolean;
}

/** Copies a file, a link or a whole directory. */
export async function copy(
  src: string | URL,
  dest: string | URL,
  options: CopyOptions = {},
): Promise<void> {
  const from = resolve(toPath(src));
  const to = resolve(toPath(dest));
  const stat = await Deno.lstat(from);
  checkPair(from, to, stat);
  checkTarget(from, to, { stat, overwrite: options.overwrite ?? false });
  if (stat.isDirectory) {
    await Deno.mkdir(to, { recursive: true });
    for await (const { name } of Deno.readDir(from)) {
      await copy(join(from, name), join(to, name), options);
    }
  } else if (stat.isSymlink) {
    await Deno.symlink(await Deno.readLink(from), to);
    return;
  } else {
    await Deno.copyFile(from, to);
  }
  if (options.preserveTimestamps && stat.atime && stat.mtime) {
    await Deno.utime(to, stat.atime, stat.mtime);
  }
}

function checkPair(from: string, to: string, stat: Deno.FileInfo): void {
  if (from === to) {
    throw new Error("Source and destination cannot be the same");
  }
  const way = relative(from, to);
  const isInside = way !== ".." && !way.startsWith(".." + sep) &&
    resolve(from, way) === to && way !== to;
  if (stat.isDirectory && isInside) {
    throw new Error(
      `Cannot copy '${from}' to a subdirectory of itself: '${to}'`,
    );
  }
}

function checkTarget(
  from: string,
  to: string,
  { stat, overwrite }: { stat: Deno.FileInfo; overwrite: boolean },
): void {
  let target: Deno.FileInfo;
  try {
    target = Deno.lstatSync(to);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  if (stat.isDirectory && !target.isDirectory) {
    throw new Error(
      `Cannot overwrite non-directory '${to}' with directory '${from}'`,
    );
  }
  if (!overwrite) {
    throw new Deno.errors.AlreadyExists(`'${to}' already exists.`);
  }
}
