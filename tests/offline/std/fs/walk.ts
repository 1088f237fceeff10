import { basename, join, normalize } from "node:path";
import { toPath } from "./to_path.ts";

/** Options of {@linkcode walk}. */
export interface WalkOptions {
  /** How deep to go; the root is at 0. */
  maxDepth?: number;
  /** Whether files are among the entries; true if left out. */
  includeFiles?: boolean;
  /** Whether directories are among the entries; true if left out. */
  includeDirs?: boolean;
  /** Whether links are among the entries; true if left out. */
  includeSymlinks?: boolean;
  /** Goes where links lead; false if left out. */
  followSymlinks?: boolean;
  /** Gives the real path of a link that is followed; true if left out. */
  canonicalize?: boolean;
  /** Only entries with one of these extensions. */
  exts?: string[];
  /** Only entries whose path matches one of these. */
  match?: RegExp[];
  /** Neither entries that match one of these, nor what is in them. */
  skip?: RegExp[];
}

/** What {@linkcode walk} finds. */
export interface WalkEntry extends Deno.DirEntry {
  /** The path, which starts with the root as it was given. */
  path: string;
}

/** Every file, directory and link below a root, the root first. */
export async function* walk(
  root: string | URL,
  options: WalkOptions = {},
): AsyncIterableIterator<WalkEntry> {
  const { maxDepth = Infinity } = options;
  if (maxDepth < 0) return;
  const dir = toPath(root);
  if (isWanted(dir, "isDirectory", options)) {
    yield rootEntry(dir, await Deno.stat(dir));
  }
  if (maxDepth < 1 || isSkipped(dir, options)) return;
  for await (const found of Deno.readDir(dir)) {
    const entry = follow(join(dir, found.name), found, options);
    if (entry.isDirectory) {
      yield* walk(entry.path, { ...options, maxDepth: maxDepth - 1 });
    } else if (isWanted(entry.path, kindOf(entry), options)) {
      yield { ...found, path: entry.path };
    }
  }
}

/** Every file, directory and link below a root, the root first. */
export function* walkSync(
  root: string | URL,
  options: WalkOptions = {},
): IterableIterator<WalkEntry> {
  const { maxDepth = Infinity } = options;
  if (maxDepth < 0) return;
  const dir = toPath(root);
  if (isWanted(dir, "isDirectory", options)) {
    yield rootEntry(dir, Deno.statSync(dir));
  }
  if (maxDepth < 1 || isSkipped(dir, options)) return;
  for (const found of Deno.readDirSync(dir)) {
    const entry = follow(join(dir, found.name), found, options);
    if (entry.isDirectory) {
      yield* walkSync(entry.path, { ...options, maxDepth: maxDepth - 1 });
    } else if (isWanted(entry.path, kindOf(entry), options)) {
      yield { ...found, path: entry.path };
    }
  }
}

type Kind = "isFile" | "isDirectory" | "isSymlink";

function kindOf(entry: WalkEntry): Kind {
  return entry.isSymlink ? "isSymlink" : "isFile";
}

function rootEntry(root: string, stat: Deno.FileInfo): WalkEntry {
  const path = normalize(root);
  const { isFile, isDirectory, isSymlink } = stat;
  return { path, name: basename(path), isFile, isDirectory, isSymlink };
}

function follow(
  path: string,
  found: Deno.DirEntry,
  options: WalkOptions,
): WalkEntry {
  if (!found.isSymlink || !options.followSymlinks) return { ...found, path };
  const real = Deno.realPathSync(path);
  const { isFile, isDirectory, isSymlink } = Deno.lstatSync(real);
  const way = options.canonicalize === false ? path : real;
  return { name: found.name, path: way, isFile, isDirectory, isSymlink };
}

function isWanted(path: string, kind: Kind, options: WalkOptions): boolean {
  const { includeFiles, includeDirs, includeSymlinks, exts, match } = options;
  const included = {
    isFile: includeFiles,
    isDirectory: includeDirs,
    isSymlink: includeSymlinks,
  };
  if (included[kind] === false) return false;
  if (exts && !exts.some((ext) => path.endsWith(dotted(ext)))) return false;
  if (match && !match.some((pattern) => path.match(pattern))) return false;
  return !isSkipped(path, options);
}

function isSkipped(path: string, { skip }: WalkOptions): boolean {
  return skip?.some((pattern) => path.match(pattern)) ?? false;
}

function dotted(ext: string): string {
  return ext.startsWith(".") ? ext : `.${ext}`;
}
