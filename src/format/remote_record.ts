import { inOrder, type MapReader } from "./map_reader.ts";
import type { YamlMap } from "./yaml_value.ts";

/** One upload or download of a run or an artifact. */
export interface RemoteRecord {
  /** What was done. */
  readonly action: "upload" | "download";
  /** When: ISO 8601 with offset and microseconds. */
  readonly timestamp: string;
  /** The address of the AIStore server. */
  readonly host: string;
  /** The node's path on the server. */
  readonly path: string;
  /** The node's id. */
  readonly id: string;
}

const ACTIONS = ["upload", "download"];
const KEYS = ["action", "timestamp", "host", "path", "id"];
const ARTIFACT_UPLOAD_KEYS = ["action", "timestamp", "host", "id", "path"];

/**
 * The record with its keys in the Python SDK's order, then those that this version does not know.
 *
 * @param record The record.
 * @param kind Whose it is: an upload of an artifact has an order of its own.
 * @returns The map.
 */
export function remoteInOrder(
  record: RemoteRecord,
  kind: "Run" | "Artifact" = "Run",
): YamlMap {
  const ownOrder = kind === "Artifact" && record.action === "upload";
  return inOrder(record, ownOrder ? ARTIFACT_UPLOAD_KEYS : KEYS);
}

/**
 * Reads one record.
 *
 * @param item The map in the document.
 * @returns The record, keys that this version does not know included.
 * @throws {DamagedFileError} If it is no record; the message names the key.
 */
export function readRemoteRecord(item: MapReader): RemoteRecord {
  return {
    ...item.rest,
    action: item.oneOf("action", ACTIONS) as RemoteRecord["action"],
    timestamp: item.string("timestamp"),
    host: item.string("host"),
    path: item.string("path"),
    id: item.string("id"),
  };
}
