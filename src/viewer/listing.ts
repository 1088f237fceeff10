/**
 * The directories of runs and artifacts below a directory, as they come and go.
 *
 * @module
 */

import { basename, join } from "@std/path";
import {
  ALTERNATIVE_NAME_PATTERN,
  isAlternativeName,
} from "../format/names.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";

/** How old a change of a directory must be before its time tells it from the next, in milliseconds. */
const SETTLED_MS = 2000;

interface Parent {
  /** When it was changed last; undefined if a further change could have the same time. */
  readonly changedMs: number | undefined;
  /** The directories of runs and artifacts in it. */
  readonly found: readonly string[];
  /** The other directories in it. */
  readonly others: readonly string[];
}

const NOTHING: Parent = { changedMs: undefined, found: [], others: [] };

/**
 * Lists the directories of runs and artifacts in a directory and in those in it, such as `.em/runs`. Symbolic links are not
 * followed. A directory that did not change is not read again.
 */
export class Listing {
  readonly #root: string;
  readonly #isSingle: boolean;
  #parents = new Map<string, Parent>();
  #dirs: readonly string[] = [];
  #isListed = false;

  /** @param root The directory, an absolute path. One of a run or an artifact is all that is listed. */
  constructor(root: string) {
    this.#root = root;
    this.#isSingle = isAlternativeName(basename(root)) ||
      isFile(join(root, METADATA_FILE));
  }

  /**
   * Looks what there is now.
   *
   * @returns Absolute paths, by the time in their names, the newest first; the same array as before if no directory was changed.
   */
  look(): readonly string[] {
    const parents = new Map<string, Parent>();
    const read = (path: string): Parent => {
      const parent = readParent(path, this.#parents.get(path));
      parents.set(path, parent);
      return parent;
    };
    if (!this.#isSingle) read(this.#root).others.forEach(read);
    const isSame = this.#isListed && parents.size === this.#parents.size &&
      parents.entries().every(([path, parent]) =>
        parent === this.#parents.get(path)
      );
    this.#parents = parents;
    this.#isListed = true;
    if (!isSame) {
      const all = this.#isSingle
        ? [this.#root]
        : parents.values().flatMap(({ found }) => found).toArray();
      this.#dirs = newestFirst(all);
    }
    return this.#dirs;
  }
}

/** A directory that is not there, or may not be read, holds nothing. */
function readParent(path: string, known: Parent = NOTHING): Parent {
  try {
    const changedMs = Deno.statSync(path).mtime?.getTime() ?? 0;
    if (changedMs === known.changedMs) return known;
    const dirs = [...Deno.readDirSync(path)]
      .filter(({ name, isDirectory }) => isDirectory && !name.startsWith("."))
      .map(({ name }) => join(path, name));
    const isNode = (dir: string) => isAlternativeName(basename(dir));
    return {
      changedMs: Date.now() - changedMs > SETTLED_MS ? changedMs : undefined,
      found: dirs.filter(isNode),
      others: dirs.filter((dir) => !isNode(dir)),
    };
  } catch (error) {
    if (isOsError(error)) return known.found.length > 0 ? NOTHING : known;
    throw error;
  }
}

function newestFirst(dirs: readonly string[]): string[] {
  const timed = dirs.map((dir) => {
    const [time = ""] = ALTERNATIVE_NAME_PATTERN.exec(dir) ?? [];
    return { dir, time };
  });
  const order = (a: string, b: string) => a < b ? -1 : a > b ? 1 : 0;
  timed.sort((a, b) => order(b.time, a.time) || order(a.dir, b.dir));
  return timed.map(({ dir }) => dir);
}

function isFile(path: string): boolean {
  try {
    return Deno.lstatSync(path).isFile;
  } catch (error) {
    if (isOsError(error)) return false;
    throw error;
  }
}
