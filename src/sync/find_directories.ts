import { basename, join, resolve } from "@std/path";
import { isAlternativeName } from "../format/names.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { entriesOf } from "../local/entries_of.ts";
import { isOsError } from "../local/os_error.ts";

/** How far below a directory runs and artifacts are looked for: `.em/runs/x` is two below `.em`. */
const DEPTH = 2;

/**
 * Finds the directories of runs and artifacts below a directory.
 *
 * @param path The directory; one of a run or an artifact stands for itself.
 * @returns Their absolute paths, sorted. None if the directory is not there.
 */
export function findDirectories(path: string): string[] {
  return findNamed(path).filter(isNode).sort();
}

/**
 * Finds the directories below a directory that have the name of a run or an artifact, at little cost.
 *
 * @param path The directory; one with such a name stands for itself.
 * @returns Their absolute paths.
 */
export function findNamed(path: string): string[] {
  const root = resolve(path);
  return isAlternativeName(basename(root)) ? [root] : find(root, DEPTH);
}

/** What has the name of a run or an artifact. */
function find(dir: string, depth: number): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of entriesOf(dir)) {
    if (!isDirectory || name.startsWith(".")) continue;
    const path = join(dir, name);
    if (isAlternativeName(name)) found.push(path);
    else if (depth > 1) found.push(...find(path, depth - 1));
  }
  return found;
}

/**
 * Tells whether a directory is that of a run or an artifact.
 *
 * @param dir The directory.
 * @returns Whether it holds their metadata.
 */
export function isNode(dir: string): boolean {
  try {
    return Deno.statSync(join(dir, METADATA_FILE)).isFile;
  } catch (error) {
    if (isOsError(error)) return false;
    throw error;
  }
}
