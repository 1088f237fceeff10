import { join } from "@std/path";
import { isAlternativeName } from "../format/names.ts";
import { isDirectory } from "../local/is_directory.ts";
import { defaultDirs } from "./default_dirs.ts";
import { CliFailure } from "./failure.ts";

/**
 * Finds the directories of runs and artifacts below directories.
 *
 * @param dirs The directories that were named; none stands for the default ones, which need not exist.
 * @returns Their absolute paths, each once.
 * @throws {CliFailure} If a directory that was named is none.
 */
export async function localNodes(dirs: readonly string[]): Promise<string[]> {
  const { findDirectories } = await import("../sync/find_directories.ts");
  for (const dir of dirs) requireDirectory(dir);
  const roots = dirs.length > 0 ? dirs : defaultDirs();
  return [...new Set(roots.flatMap(findDirectories))];
}

/**
 * The directories that may hold those of runs and artifacts.
 *
 * @param dirs The directories that were named; none stands for the default ones.
 * @returns Those and the ones just below them.
 */
export function parentDirs(dirs: readonly string[]): string[] {
  const roots = dirs.length > 0 ? dirs : defaultDirs();
  return roots.filter(isDirectory).flatMap((root) => [
    root,
    ...[...Deno.readDirSync(root)]
      .filter(({ name, isDirectory }) =>
        isDirectory && !name.startsWith(".") && !isAlternativeName(name)
      )
      .map(({ name }) => join(root, name)),
  ]);
}

/**
 * Makes sure that something is a directory: a name that was mistyped must not look like success.
 *
 * @param path The path as it was named.
 * @throws {CliFailure} If it is none.
 */
export function requireDirectory(path: string): void {
  if (!isDirectory(path)) throw new CliFailure(`"${path}" is no directory`);
}
