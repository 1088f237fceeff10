import { basename, join, resolve } from "@std/path";
import { NotFoundError } from "../errors.ts";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import {
  requireKnown,
  requireObject,
  requireString,
} from "../format/option_checks.ts";
import { Document } from "../local/document.ts";
import { isDirectory } from "../local/is_directory.ts";
import { METADATA_FILE, stateDir } from "../local/layout.ts";
import { requireAccess, warnLeftOut } from "../local/permissions.ts";
import { stderrReporter } from "../reporter.ts";
import { type Artifact, newArtifact } from "./artifact.ts";

/** Options of {@linkcode loadArtifact}. */
export interface LoadArtifactOptions {
  /** Ends the download of an artifact that is on a server; what is whole is kept for the next time. Default: none. */
  readonly signal?: AbortSignal;
}

const KNOWN: ReadonlySet<string> = new Set<keyof LoadArtifactOptions>([
  "signal",
]);

const READ = { names: ["read"], what: "the directory" } as const;

/**
 * Loads an artifact from its directory, wherever that lies, or, if the path is no local directory, from the server, from
 * where it is downloaded into the directory of artifacts first. What is added to it goes into its directory. Made by this
 * package or the Python SDK.
 *
 * The directory of artifacts is `EM_ARTIFACT_PARENT_DIR`, or `.em/artifacts`. Size and MD5 of each object are verified; the
 * artifact appears there when it is whole, and a download that was interrupted goes on where it stopped. A copy that is
 * there already is loaded as it is, unless the server has something newer: that is an error.
 *
 * @param path The artifact's directory, or its path on the server, where a relative one is below the user's root.
 * @param options Abort.
 * @returns The artifact.
 * @throws {TypeError} If an argument has the wrong type.
 * @throws {RangeError} If the path is empty.
 * @throws {NotFoundError} If that is neither a directory of an artifact nor an artifact on the server.
 * @throws {DamagedFileError} If what it is cannot be read; the message names the key.
 * @throws {DownloadError} If it cannot be downloaded as it is on the server.
 * @throws {PermissionError} If the directory may not be read, or for a download written, or the server not be reached.
 * @throws {EmError} If the server cannot be reached, or refuses.
 *
 * @example
 * ```ts ignore
 * import { loadArtifact } from "@t9k/em";
 *
 * const dataset = await loadArtifact(".em/artifacts/mnist_dataset_261123_082118_x7xbfg");
 * for (const { path } of dataset.objects) console.log(path);
 *
 * const model = await loadArtifact("cv/models/mnist_torch"); // from the server
 * ```
 */
export async function loadArtifact(
  path: string,
  options: LoadArtifactOptions = {},
): Promise<Artifact> {
  if (requireString(path, "path") === "") {
    throw new RangeError(
      "Cannot load Artifact: the path must not be empty; pass its directory, or a path on the server",
    );
  }
  requireObject(options, "loadArtifact");
  requireKnown(options, KNOWN, "load Artifact");
  if (isDirectory(path)) return await loadDirectory(path);
  return await loadDirectory(await download(path, options.signal));
}

/** Brings the artifact; its directory. */
async function download(
  path: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  // Few programs download: the others need not load what it takes.
  const [{ findNode }, { bringNode, downloadDir }] = await Promise.all([
    import("../download/find_node.ts"),
    import("../download/bring_node.ts"),
  ]);
  const reporter = stderrReporter;
  const leftOut: string[] = [];
  try {
    const found = await findNode(path, { type: "Artifact", signal });
    const into = downloadDir("Artifact", leftOut);
    const { dir } = await bringNode(found, { into, reporter, signal });
    warnLeftOut(reporter, leftOut);
    return dir;
  } catch (error) {
    if (error instanceof NotFoundError) requireAccess(path, READ);
    throw error;
  }
}

async function loadDirectory(path: string): Promise<Artifact> {
  const dir = resolve(path);
  requireAccess(path, READ);
  const document = new Document(join(dir, METADATA_FILE), stateDir(dir));
  const text = await readIfThere(document.path);
  if (text === undefined) {
    throw new NotFoundError(path, "directory of an artifact");
  }
  if (decodeKind(text, document.path) !== "Artifact") {
    throw new NotFoundError(
      path,
      "directory of an artifact, but that of a run",
    );
  }
  // The directory's name is what counts, as in the Python SDK: it may have been renamed.
  const metadata = {
    ...decodeArtifactMetadata(text, document.path),
    alternativeName: basename(dir),
  };
  const artifact = newArtifact({
    dir,
    metadata,
    document,
    reporter: stderrReporter,
  });
  // References that cannot be read are said now.
  void artifact.objects;
  return artifact;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}
