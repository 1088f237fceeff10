/**
 * The directory that is shown.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { isDirectory } from "../local/is_directory.ts";
import { isOsError } from "../local/os_error.ts";
import { requireAccess } from "../local/permissions.ts";
import { Listing } from "./listing.ts";
import { ViewerError } from "./viewer_error.ts";

/** The directory that the SDKs write to. */
const EM_DIR = ".em";

/** What is in a directory of the SDKs', and what may be shown before anything is in it. */
const PARENTS = ["runs", "artifacts"];

/**
 * Finds the directory that is to be shown. Of a project's directory, it is `.em` in it.
 *
 * @param dir What somebody named: `.em`, a directory of runs or artifacts, or one of them.
 * @returns Its absolute path without symbolic links.
 * @throws {ViewerError} If there is no such directory, or it holds nothing to show and is none that will.
 * @throws {PermissionError} If it may not be read.
 */
export function shownRoot(dir: string): string {
  requireAccess(dir, { names: ["read"], what: "the directory" });
  const root = realDirectory(dir);
  if (new Listing(root).look().length > 0) return root;
  const inside = join(root, EM_DIR);
  if (isDirectory(inside)) return Deno.realPathSync(inside);
  const isKnown = [EM_DIR, ...PARENTS].includes(basename(root)) ||
    PARENTS.some((name) => isDirectory(join(root, name)));
  if (isKnown) return root;
  throw new ViewerError(
    dir,
    "it holds no runs and no artifacts, name .em, a directory of runs, or a run",
  );
}

function realDirectory(dir: string): string {
  try {
    const root = Deno.realPathSync(resolve(dir));
    if (Deno.statSync(root).isDirectory) return root;
  } catch (error) {
    if (!isOsError(error)) throw error;
    const problem = error instanceof Deno.errors.NotFound
      ? "there is no such directory, name one or start where .em is"
      : error.message;
    throw new ViewerError(dir, problem, { cause: error });
  }
  throw new ViewerError(dir, "it is no directory");
}

/** Slashes, control characters, and what turns the direction of writing around. */
const UNPRINTABLE = /[/\\\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The name under which a directory is shown.
 *
 * @param root Its absolute path.
 * @returns Its base name; of `.em`, that of the project it is in.
 */
export function nameOfRoot(root: string): string {
  const shown = basename(root) === EM_DIR ? dirname(root) : root;
  return basename(shown).replaceAll(UNPRINTABLE, "_") || "local";
}
