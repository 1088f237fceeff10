import { rethrowAsDamaged } from "./damaged.ts";
import { inOrder, looseString, MapReader } from "./map_reader.ts";
import {
  readRemoteRecord,
  remoteInOrder,
  type RemoteRecord,
} from "./remote_record.ts";
import { parseYaml } from "./yaml_reader.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/**
 * What an artifact's `metadata.yaml` holds. Keys that this version does not know are kept on the object when a file is
 * read and are written back.
 */
export interface ArtifactMetadata {
  /** Always `Artifact`. */
  readonly kind: "Artifact";
  /** The name. */
  readonly name: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The description. */
  readonly description: string;
  /** When the artifact was created: ISO 8601 with offset and microseconds. */
  readonly createdTimestamp: string;
  /** The unique name, which is also the directory's. */
  readonly alternativeName: string;
  /** Its uploads and downloads, oldest first. */
  readonly remote: readonly RemoteRecord[];
}

const KEYS = [
  "kind",
  "name",
  "labels",
  "description",
  "createdTimestamp",
  "alternativeName",
  "remote",
];

/**
 * Writes an artifact's `metadata.yaml`.
 *
 * @param metadata What the file is to hold.
 * @returns The document, with the keys in the Python SDK's order, then those that this version does not know.
 */
export function encodeArtifactMetadata(metadata: ArtifactMetadata): string {
  return stringifyYaml({
    ...inOrder(metadata, KEYS),
    remote: metadata.remote.map((record) => remoteInOrder(record, "Artifact")),
  });
}

/**
 * Reads an artifact's `metadata.yaml`, as either SDK wrote it.
 *
 * The Python SDK does not check description and labels: other scalars than strings become strings, null an empty one.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it holds, keys that this version does not know included.
 * @throws {DamagedFileError} If it is no metadata of an artifact; the message names the key.
 */
export function decodeArtifactMetadata(
  text: string,
  path = "metadata.yaml",
): ArtifactMetadata {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const reader = new MapReader(path, "the document", value);
  return {
    ...reader.rest,
    kind: reader.oneOf("kind", ["Artifact"]) as "Artifact",
    name: reader.string("name"),
    labels: reader.list("labels").map((label) => looseString(label)),
    description: looseString(reader.get("description")),
    createdTimestamp: reader.string("createdTimestamp"),
    alternativeName: reader.string("alternativeName"),
    remote: reader.maps("remote").map(readRemoteRecord),
  };
}
