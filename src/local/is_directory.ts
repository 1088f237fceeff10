import { granted } from "./permissions.ts";

/**
 * Tells whether a path leads to a directory here. One that may not be read is none, so that nobody is asked for leave to
 * look.
 *
 * @param path The path.
 * @returns Whether a directory is there.
 */
export function isDirectory(path: string): boolean {
  if (!granted({ name: "read", path })) return false;
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (
      error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory
    ) return false;
    throw error;
  }
}
