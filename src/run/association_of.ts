import type { ArtifactMetadata } from "../format/artifact_metadata.ts";
import type { AssetAssociation, Association } from "../format/metadata.ts";
import { shownPath } from "../local/shown_path.ts";

/** An artifact as far as a run needs to know it; every `Artifact` is one. */
export interface MarkableArtifact {
  /** The name of its directory. */
  readonly alternativeName: string;
  /** The absolute path of its directory. */
  readonly local: string;
  /** The content of its `metadata.yaml`. */
  toDict(): ArtifactMetadata;
}

/**
 * A resource of the platform's Asset Hub, by what the Asset Hub calls it.
 *
 * @example
 * ```ts
 * import type { AssetReference } from "@t9k/em";
 *
 * const model: AssetReference = {
 *   kind: "Model",
 *   id: "22222222-2222-3333-4444-555555555555",
 *   path: "/demo/t9k-assethub/model/llm/bert",
 * };
 * const branch: AssetReference = {
 *   kind: "Branch",
 *   id: `${model.id}:main`,
 *   path: `${model.path}:main`,
 * };
 * console.log(branch.path);
 * ```
 */
export interface AssetReference {
  /** What it is. The lower-case forms are those of `metadata.yaml`, and mean the same. */
  readonly kind:
    | "Model"
    | "Dataset"
    | "Branch"
    | "Tag"
    | "Commit"
    | "branch"
    | "tag"
    | "commit";
  /** The asset's id, a UUID; for a branch, a tag or a commit `<id>:<name>`, where a commit is named by its id. */
  readonly id: string;
  /** The asset's path; for a branch, a tag or a commit `<path>:<name>`. */
  readonly path: string;
}

/**
 * Tells what stands in a run's metadata for something that it used or produced.
 *
 * @param resource An artifact, or a reference to an asset.
 * @returns The entry.
 * @throws {TypeError} If it is neither.
 */
export function associationOf(resource: unknown): Association {
  if (isArtifact(resource)) {
    return {
      kind: "Artifact",
      name: resource.alternativeName,
      localDir: shownPath(resource.local),
    };
  }
  if (isRecord(resource) && typeof resource.kind === "string") {
    const kind = KINDS.get(resource.kind);
    if (kind !== undefined) return assetAssociation(kind, resource);
  }
  throw new TypeError(
    `Only an Artifact, or an asset such as { kind: "Model", id, path }, can be marked as input or output, and this is ${
      Deno.inspect(resource, { depth: 1 })
    }; kinds of assets are Model, Dataset, Branch, Tag and Commit`,
  );
}

const KINDS: ReadonlyMap<string, AssetAssociation["kind"]> = new Map([
  ["Model", "Model"],
  ["Dataset", "Dataset"],
  ["Branch", "branch"],
  ["branch", "branch"],
  ["Tag", "tag"],
  ["tag", "tag"],
  ["Commit", "commit"],
  ["commit", "commit"],
]);

const UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const ASSET_ID = new RegExp(`^${UUID}$`);
const VERSION_ID = new RegExp(`^${UUID}:[^:]+$`);

/** The Asset Hub names a commit in an edge by the first characters of its id. */
const COMMIT_CHARACTERS = 8;

function assetAssociation(
  kind: AssetAssociation["kind"],
  { id, path }: Record<string, unknown>,
): AssetAssociation {
  const isAsset = kind === "Model" || kind === "Dataset";
  const form = isAsset ? ASSET_ID : VERSION_ID;
  if (typeof id !== "string" || !form.test(id)) {
    const wanted = isAsset
      ? "a UUID in lower case"
      : `"<the asset's UUID>:<name of the ${kind}>"`;
    throw new TypeError(
      `The id of a ${kind} must be ${wanted}, and is ${Deno.inspect(id)}`,
    );
  }
  if (typeof path !== "string" || path === "") {
    throw new TypeError(
      `The path of a ${kind} must be a string such as "/demo/t9k-assethub/model/llm/bert${
        isAsset ? "" : ":main"
      }", and is ${Deno.inspect(path)}`,
    );
  }
  if (kind !== "commit") return { kind, id, path };
  const name = id.indexOf(":") + 1;
  return { kind, id: id.slice(0, name + COMMIT_CHARACTERS), path };
}

function isArtifact(value: unknown): value is MarkableArtifact {
  if (!isRecord(value)) return false;
  const { alternativeName, local, toDict } = value;
  if (typeof alternativeName !== "string" || typeof local !== "string") {
    return false;
  }
  if (typeof toDict !== "function") return false;
  const data: unknown = toDict.call(value);
  return isRecord(data) && data.kind === "Artifact";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/**
 * What tells two associations of one role apart: an artifact's name, an asset's path.
 *
 * @param association The association.
 * @returns A text that only the same has.
 */
export function keyOf(association: Association): string {
  return association.kind === "Artifact"
    ? `Artifact ${association.name}`
    : `asset ${association.path}`;
}
