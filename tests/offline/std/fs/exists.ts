/** Options of {@linkcode exists}. */
export interface ExistsOptions {
  /** Asks whether it can be read too. */
  isReadable?: boolean;
  /** Asks whether it is a directory; not together with `isFile`. */
  isDirectory?: boolean;
  /** Asks whether it is a file; not together with `isDirectory`. */
  isFile?: boolean;
}

/** Whether the path exists and is what the options ask for. */
export async function exists(
  path: string | URL,
  options: ExistsOptions = {},
): Promise<boolean> {
  check(options);
  try {
    return fits(await Deno.stat(path), options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.PermissionDenied) {
      return !options.isReadable;
    }
    throw error;
  }
}

/** Whether the path exists and is what the options ask for. */
export function existsSync(
  path: string | URL,
  options: ExistsOptions = {},
): boolean {
  check(options);
  try {
    return fits(Deno.statSync(path), options);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    if (error instanceof Deno.errors.PermissionDenied) {
      return !options.isReadable;
    }
    throw error;
  }
}

function check({ isDirectory, isFile }: ExistsOptions): void {
  if (isDirectory && isFile) {
    throw new TypeError("isDirectory and isFile must not be true together");
  }
}

function fits(stat: Deno.FileInfo, options: ExistsOptions): boolean {
  if (options.isDirectory && !stat.isDirectory) return false;
  if (options.isFile && !stat.isFile) return false;
  return !options.isReadable || isReadable(stat);
}

function isReadable({ mode, uid, gid }: Deno.FileInfo): boolean {
  if (mode === null) return true;
  if (uid === Deno.uid()) return (mode & 0o400) !== 0;
  if (gid === Deno.gid()) return (mode & 0o040) !== 0;
  return (mode & 0o004) !== 0;
}
