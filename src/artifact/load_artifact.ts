import { basename, join, resolve } from "@std/path";
import { NotFoundError } from "../errors.ts";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import { requireString } from "../format/option_checks.ts";
import { Document } from "../local/document.ts";
import { METADATA_FILE, stateDir } from "../local/layout.ts";
import { requireAccess } from "../local/permissions.ts";
import { stderrReporter } from "../reporter.ts";
import { type Artifact, newArtifact } from "./artifact.ts";

/**
 * Loads an artifact from its directory, wherever that lies; what is added to it goes there. Made by this package or the
 * Python SDK.
 *
 * @param path The artifact's directory.
 * @returns The artifact.
 * @throws {NotFoundError} If that is no directory of an artifact.
 * @throws {DamagedFileError} If what it is cannot be read; the message names the key.
 * @throws {PermissionError} If the directory may not be read.
 *
 * @example
 * ```ts ignore
 * import { loadArtifact } from "@t9k/em";
 *
 * const dataset = await loadArtifact(".em/artifacts/mnist_dataset_261123_082118_x7xbfg");
 * for (const { path } of dataset.objects) console.log(path);
 * ```
 */
export async function loadArtifact(path: string): Promise<Artifact> {
  const dir = resolve(requireString(path, "path"));
  requireAccess(path, { names: ["read"], what: "the directory" });
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
    const gone = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    if (gone) return undefined;
    throw error;
  }
}
