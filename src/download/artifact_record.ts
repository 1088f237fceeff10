import { basename, join } from "@std/path";
import { DamagedFileError, DownloadError } from "../errors.ts";
import {
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../format/artifact_metadata.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { Document } from "../local/document.ts";
import { METADATA_FILE, stateDir } from "../local/layout.ts";

/** Which download is recorded. */
export interface ArtifactDownload {
  /** The directory that the artifact is to have. */
  readonly dir: string;
  /** The record. */
  readonly record: RemoteRecord;
}

/**
 * Adds the record of a download to an artifact's metadata.
 *
 * @param staging Where the artifact's objects are until they are all there.
 * @param download Which download.
 * @throws {DownloadError} If the metadata that came is none of an artifact.
 */
export function recordArtifactDownload(
  staging: string,
  { dir, record }: ArtifactDownload,
): void {
  const document = new Document(join(staging, METADATA_FILE), stateDir(dir));
  const metadata = read(document, record.path);
  document.write(encodeArtifactMetadata({
    ...metadata,
    alternativeName: basename(dir),
    remote: [...metadata.remote, record],
  }));
}

function read(document: Document, nodePath: string) {
  try {
    return decodeArtifactMetadata(document.read(), METADATA_FILE);
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    throw new DownloadError(
      nodePath,
      `what came describes no artifact: ${error.message}`,
      { object: METADATA_FILE, cause: error },
    );
  }
}
