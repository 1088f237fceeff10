import { basename, dirname, join, resolve } from "@std/path";
import {
  type ArtifactMetadata,
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../../format/artifact_metadata.ts";
import type { ArtifactAssociation } from "../../format/metadata.ts";
import { formatTimestamp } from "../../format/timestamp.ts";
import { Document } from "../../local/document.ts";
import { METADATA_FILE, stateDir } from "../../local/layout.ts";
import { lockedChange } from "../../local/locked_change.ts";
import { isNoSuchFile } from "../../local/os_error.ts";
import { granted, parentDir, requireAccess } from "../../local/permissions.ts";
import { prepareChange } from "../../local/prepare_change.ts";
import type { NodeSpec, PlacedNode } from "../types.ts";
import { withUploadRecord } from "../placing/upload_record.ts";

/** The directory of an artifact that is to be uploaded. */
export interface ArtifactSource {
  /** The directory. */
  readonly dir: string;
  /** What `metadata.yaml` says. */
  readonly metadata: ArtifactMetadata;
  /** What it is to become on the server. */
  readonly node: NodeSpec;
  /** Writes the upload record into the metadata; throws if that may not, or cannot, be written. */
  readonly recordUpload: (node: PlacedNode) => void;
}

/**
 * Makes ready to upload an artifact.
 *
 * @param dir The absolute path of its directory.
 * @returns What it is, and how to note that it is uploaded.
 * @throws {PermissionError} If the directory may not be read.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export function openArtifact(dir: string): ArtifactSource {
  requireAccess(dir, { names: ["read"], what: "the directory" });
  const state = stateDir(dir);
  const document = new Document(join(dir, METADATA_FILE), state);
  const read = () => ({
    ...decodeArtifactMetadata(document.read(), document.path),
    // The directory's name is what counts, as in the Python SDK: it may have been renamed.
    alternativeName: basename(dir),
  });
  const metadata = read();
  const { name, alternativeName, labels, description } = metadata;
  return {
    dir,
    metadata,
    node: { type: "Artifact", name, alternativeName, labels, description },
    recordUpload(node) {
      prepareChange(dir);
      lockedChange(state, () => {
        const recorded = withUploadRecord(read(), node, formatTimestamp());
        document.write(encodeArtifactMetadata(recorded));
      });
    },
  };
}

/**
 * Finds the directory of an artifact that a run used or produced: where the run's metadata says, which may be relative to
 * where the run's process worked; beside the directory of runs; or in the directory of artifacts.
 *
 * @param association What the metadata says.
 * @param runDir The absolute path of the run directory.
 * @returns The absolute path, or undefined if it is in none of these places.
 */
export function findArtifact(
  { name, localDir }: ArtifactAssociation,
  runDir: string,
): string | undefined {
  const root = dirname(dirname(runDir));
  const all = parentDir("EM_ARTIFACT_PARENT_DIR", {
    fallback: ".em/artifacts",
    leftOut: [],
  });
  return [localDir, join(root, "artifacts", name), join(all, name)]
    .map((path) => resolve(path))
    .find((path) => basename(path) === name && isThere(path));
}

function isThere(dir: string): boolean {
  const path = join(dir, METADATA_FILE);
  if (!granted({ name: "read", path })) return false;
  try {
    return Deno.statSync(path).isFile;
  } catch (error) {
    if (isNoSuchFile(error)) return false;
    throw error;
  }
}
