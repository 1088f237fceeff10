import type { RemoteRecord } from "../format/remote_record.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { parentDir } from "../local/permissions.ts";
import type { Reporter } from "../reporter.ts";
import { recordArtifactDownload } from "./artifact_record.ts";
import { downloadNode } from "./download_node.ts";
import type { DownloadType, FoundNode } from "./find_node.ts";

/** Where {@linkcode bringNode} brings a node, and who is told. */
export interface BringNodeOptions {
  /** The directory in which the node's own directory is made. */
  readonly into: string;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
  /** Ends the download. */
  readonly signal?: AbortSignal | undefined;
}

/** A node that was on a server and is here. */
export interface BroughtNode {
  /** Its directory. */
  readonly dir: string;
  /** The record of the download; absent if it was here already. An artifact has it in its metadata. */
  readonly record?: RemoteRecord;
}

const PARENTS = {
  Run: ["EM_RUN_PARENT_DIR", ".em/runs"],
  Artifact: ["EM_ARTIFACT_PARENT_DIR", ".em/artifacts"],
} as const;

/**
 * The directory to which nodes of a type are downloaded.
 *
 * @param type The type.
 * @param leftOut Gets a line if a missing permission hides the variable that names it.
 * @returns The directory.
 */
export function downloadDir(type: DownloadType, leftOut: string[]): string {
  const [variable, fallback] = PARENTS[type];
  return parentDir(variable, { fallback, leftOut });
}

/**
 * Brings a run or an artifact, unless it is there already.
 *
 * @param found The node.
 * @param options Where to, and who is told.
 * @returns Where it is.
 * @throws {DownloadError} If it cannot be downloaded as it is.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function bringNode(
  { client, node }: FoundNode,
  { into, reporter, signal }: BringNodeOptions,
): Promise<BroughtNode> {
  const record: RemoteRecord = {
    action: "download",
    timestamp: formatTimestamp(),
    host: client.host,
    path: node.path,
    id: node.id,
  };
  const { dir, isNew } = await downloadNode({
    client,
    node,
    into,
    reporter,
    ...(signal === undefined ? {} : { signal }),
    // A run that is loaded goes on, and has its metadata written then.
    ...(node.type === "Run" ? {} : {
      prepare: (staging, dir) =>
        recordArtifactDownload(staging, { dir, record }),
    }),
  });
  return isNew ? { dir, record } : { dir };
}
