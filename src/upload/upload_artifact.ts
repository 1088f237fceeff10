import type { Reporter } from "../reporter.ts";
import { openArtifact } from "./lineage/artifact_source.ts";
import type { UploadReport } from "./types.ts";
import { uploadNode, type UploadNodeOptions } from "./upload_node.ts";

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
  const { node, recordUpload } = openArtifact(dir);
  const { reporter } = options;
  return await uploadNode({ dir, node, reporter, recordUpload }, options);
}
