import type { RemoteRecord } from "../../format/remote_record.ts";
import type { PlacedNode } from "../types.ts";

/**
 * Adds the record of an upload to the metadata of a run or an artifact, unless there is one of the same node: what is
 * uploaded again to the same node has one record of it.
 *
 * @param metadata The metadata; not changed.
 * @param node The node on the server.
 * @param timestamp When.
 * @returns The metadata with the record.
 */
export function withUploadRecord<
  T extends { readonly remote: readonly RemoteRecord[] },
>(metadata: T, node: PlacedNode, timestamp: string): T {
  const known = metadata.remote.some((record) =>
    record.action === "upload" && record.host === node.host &&
    record.id === node.id && record.path === node.path
  );
  if (known) return metadata;
  const record: RemoteRecord = {
    action: "upload",
    timestamp,
    host: node.host,
    path: node.path,
    id: node.id,
  };
  return { ...metadata, remote: [...metadata.remote, record] };
}
