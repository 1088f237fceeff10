import type { RunMetadata } from "../format/metadata.ts";
import type { PlacedNode } from "../upload/types.ts";

/**
 * Adds the record of an upload to a run's metadata, unless the run's last record says the same: a run that is uploaded
 * again to the same node has one record of it.
 *
 * @param metadata The metadata; not changed.
 * @param node The node on the server.
 * @param timestamp When.
 * @returns The metadata with the record.
 */
export function withUploadRecord(
  metadata: RunMetadata,
  node: PlacedNode,
  timestamp: string,
): RunMetadata {
  const known = metadata.remote.some((record) =>
    record.action === "upload" && record.host === node.host &&
    record.id === node.id && record.path === node.path
  );
  if (known) return metadata;
  const record = {
    action: "upload",
    timestamp,
    host: node.host,
    path: node.path,
    id: node.id,
  } as const;
  return { ...metadata, remote: [...metadata.remote, record] };
}
