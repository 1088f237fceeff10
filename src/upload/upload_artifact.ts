import { basename, join } from "@std/path";
import {
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../format/artifact_metadata.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { Document } from "../local/document.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { prepareChange } from "../local/prepare_change.ts";
import type { Reporter } from "../reporter.ts";
import type { UploadReport } from "./types.ts";
import { uploadNode, type UploadNodeOptions } from "./upload_node.ts";
import { withUploadRecord } from "./upload_record.ts";

/**
 * Uploads an artifact's directory: all its objects, and with them what it is and where it was uploaded to.
 *
 * @param dir The absolute path of the directory.
 * @param options Where to, and who is told.
 * @returns What arrived.
 * @throws {PermissionError} If the directory may not be changed.
 * @throws {EmError} If the metadata cannot be read, no server is known, or it refuses the artifact as a whole.
 */
export async function uploadArtifactDirectory(
  dir: string,
  options: UploadNodeOptions & { readonly reporter: Reporter },
): Promise<UploadReport> {
  const document = new Document(join(dir, METADATA_FILE), prepareChange(dir));
  const read = () => ({
    ...decodeArtifactMetadata(document.read(), document.path),
    alternativeName: basename(dir),
  });
  const { name, alternativeName, labels, description } = read();
  return await uploadNode({
    dir,
    node: { type: "Artifact", name, alternativeName, labels, description },
    reporter: options.reporter,
    recordUpload(node) {
      // Read again: another process may have uploaded the artifact elsewhere meanwhile.
      const metadata = withUploadRecord(read(), node, formatTimestamp());
      document.write(encodeArtifactMetadata(metadata));
    },
  }, options);
}
