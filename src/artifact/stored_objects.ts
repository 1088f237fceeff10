import { join, relative } from "@std/path";
import { METADATA_FILE, REFERENCES_FILE } from "../local/layout.ts";

/** A file that an artifact holds. */
export interface ArtifactFile {
  /** Its path within the artifact, with `/`. */
  readonly path: string;
  /** Its size in bytes. */
  readonly sizeBytes: number;
}

/** Data elsewhere that an artifact refers to. */
export interface ArtifactReference {
  /** The path within the artifact that stands for the data, with `/`. */
  readonly path: string;
  /** Where the data is. */
  readonly uri: string;
}

/** One object of an artifact: a file that it holds, or a reference to data elsewhere. */
export type ArtifactObject = ArtifactFile | ArtifactReference;

/**
 * Lists the files that an artifact holds: all below its directory but its documents. A symbolic link counts as the file
 * that it leads to, if that lies within the directory; others do not count, and are not uploaded either.
 *
 * @param dir The artifact's directory.
 * @returns The files, sorted by their paths.
 */
export function storedFiles(dir: string): ArtifactFile[] {
  const files: ArtifactFile[] = [];
  collect({ dir, files }, "");
  return files.sort((a, b) => a.path < b.path ? -1 : 1);
}

interface Listing {
  readonly dir: string;
  readonly files: ArtifactFile[];
}

function collect(listing: Listing, below: string): void {
  for (const entry of Deno.readDirSync(join(listing.dir, below))) {
    const path = below + entry.name;
    if (path === METADATA_FILE || path === REFERENCES_FILE) continue;
    if (entry.isDirectory) {
      collect(listing, `${path}/`);
      continue;
    }
    const full = join(listing.dir, path);
    if (entry.isSymlink && !staysWithin(listing.dir, full)) continue;
    const info = Deno.statSync(full);
    if (info.isFile) listing.files.push({ path, sizeBytes: info.size });
  }
}

function staysWithin(dir: string, path: string): boolean {
  try {
    const way = relative(Deno.realPathSync(dir), Deno.realPathSync(path));
    return !/^\.\.(?:[\\/]|$)/.test(way);
  } catch (error) {
    const leadsNowhere = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.FilesystemLoop;
    if (leadsNowhere) return false;
    throw error;
  }
}
