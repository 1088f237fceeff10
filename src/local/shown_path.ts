import { relative } from "@std/path";

/**
 * A path as a person would write it.
 *
 * @param path The absolute path.
 * @returns The path relative to the working directory, unless that leads up.
 */
export function shownPath(path: string): string {
  const shown = relative(Deno.cwd(), path);
  return shown.startsWith("..") ? path : shown;
}
