import { rethrowAsDamaged } from "./damaged.ts";
import { inOrder, looseString, MapReader } from "./map_reader.ts";
import {
  readRemoteRecord,
  remoteInOrder,
  type RemoteRecord,
} from "./remote_record.ts";
import { parseYaml } from "./yaml_reader.ts";
import { stringifyYaml } from "./yaml_writer.ts";

/** Where a run is in its life. */
export type RunStatus = "Running" | "Complete" | "Error";

/** An artifact that a run used or produced. */
export interface ArtifactAssociation {
  /** What it is. */
  readonly kind: "Artifact";
  /** The artifact's alternative name. */
  readonly name: string;
  /** The artifact's directory, as the process knew it. */
  readonly localDir: string;
}

/** An asset of the Asset Hub that a run used or produced. */
export interface AssetAssociation {
  /** What it is. */
  readonly kind: "Model" | "Dataset" | "branch" | "tag" | "commit";
  /** The asset's id; for a branch, tag or commit `<id>:<name>`. */
  readonly id: string;
  /** The asset's path; for a branch, tag or commit `<path>:<name>`. */
  readonly path: string;
}

/** What a run used or produced. */
export type Association = ArtifactAssociation | AssetAssociation;

/** What a run used and what it produced. */
export interface Associations {
  /** What the run used. */
  readonly input: readonly Association[];
  /** What the run produced. */
  readonly output: readonly Association[];
}

/**
 * What a run's `metadata.yaml` holds. Keys that this version does not know are kept on the object when a file is read and
 * are written back.
 */
export interface RunMetadata {
  /** Always `Run`. */
  readonly kind: "Run";
  /** The name. */
  readonly name: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The description. */
  readonly description: string;
  /** When the run was created: ISO 8601 with offset and microseconds. */
  readonly startTimestamp: string;
  /** When it ended; `null` while it runs. */
  readonly endTimestamp: string | null;
  /** Where it is in its life. */
  readonly status: RunStatus;
  /** The unique name, which is also the directory's. */
  readonly alternativeName: string;
  /** What it used and produced. */
  readonly associations: Associations;
  /** Its uploads and downloads, oldest first. */
  readonly remote: readonly RemoteRecord[];
}

const RUN_KEYS = [
  "kind",
  "name",
  "labels",
  "description",
  "startTimestamp",
  "endTimestamp",
  "status",
  "alternativeName",
  "associations",
  "remote",
];
const ASSOCIATIONS_KEYS = ["input", "output"];
const ASSOCIATION_KEYS = ["kind", "name", "id", "localDir", "path"];

const STATUSES = ["Running", "Complete", "Error"];
const ASSET_KINDS = ["Model", "Dataset", "branch", "tag", "commit"];

/**
 * Writes a run's `metadata.yaml`.
 *
 * @param metadata What the file is to hold.
 * @returns The document, with the keys in the Python SDK's order, then those that this version does not know.
 */
export function encodeRunMetadata(metadata: RunMetadata): string {
  const { associations, remote } = metadata;
  const sort = (items: readonly Association[]) =>
    items.map((item) => inOrder(item, ASSOCIATION_KEYS));
  return stringifyYaml({
    ...inOrder(metadata, RUN_KEYS),
    associations: {
      ...inOrder(associations, ASSOCIATIONS_KEYS),
      input: sort(associations.input),
      output: sort(associations.output),
    },
    remote: remote.map((record) => remoteInOrder(record)),
  });
}

/**
 * Reads a run's `metadata.yaml`, as either SDK wrote it.
 *
 * The Python SDK does not check description and labels: other scalars than strings become strings, null an empty one.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it holds, keys that this version does not know included.
 * @throws {DamagedFileError} If it is no metadata of a run; the message names the key.
 */
export function decodeRunMetadata(
  text: string,
  path = "metadata.yaml",
): RunMetadata {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const reader = new MapReader(path, "the document", value);
  const associations = reader.map("associations");
  return {
    ...reader.rest,
    kind: reader.oneOf("kind", ["Run"]) as "Run",
    name: reader.string("name"),
    labels: reader.list("labels").map((label) => looseString(label)),
    description: looseString(reader.get("description")),
    startTimestamp: reader.string("startTimestamp"),
    endTimestamp: reader.get("endTimestamp") === null
      ? null
      : reader.string("endTimestamp"),
    status: reader.oneOf("status", STATUSES) as RunStatus,
    alternativeName: reader.string("alternativeName"),
    associations: readAssociations(associations),
    remote: reader.maps("remote").map(readRemoteRecord),
  };
}

/**
 * Reads from a run's `metadata.yaml` what the run used and produced, and nothing else: a document that lacks it, or much
 * more, names none.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What the run used and produced.
 * @throws {DamagedFileError} If it is no YAML, or an entry is not as it should be; the message names the key.
 */
export function decodeAssociations(
  text: string,
  path = "metadata.yaml",
): Associations {
  const value = rethrowAsDamaged(path, () => parseYaml(text));
  const reader = new MapReader(path, "the document", value);
  if (!Object.hasOwn(reader.rest, "associations")) {
    return { input: [], output: [] };
  }
  return readAssociations(reader.map("associations"));
}

function readAssociations(associations: MapReader): Associations {
  return {
    ...associations.rest,
    input: associations.maps("input").map(readAssociation),
    output: associations.maps("output").map(readAssociation),
  };
}

function readAssociation(item: MapReader): Association {
  const kind = item.oneOf("kind", ["Artifact", ...ASSET_KINDS]);
  if (kind === "Artifact") {
    return {
      ...item.rest,
      kind,
      name: item.string("name"),
      localDir: item.string("localDir"),
    };
  }
  return {
    ...item.rest,
    kind: kind as AssetAssociation["kind"],
    id: item.string("id"),
    path: item.string("path"),
  };
}
