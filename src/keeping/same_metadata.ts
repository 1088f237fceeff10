import type { AIStoreClient } from "../aistore/client.ts";
import { withRetry } from "../download/retry.ts";
import { DamagedFileError } from "../errors.ts";
import {
  decodeArtifactMetadata,
  encodeArtifactMetadata,
} from "../format/artifact_metadata.ts";
import { decodeRunMetadata, encodeRunMetadata } from "../format/metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { METADATA_FILE } from "../local/layout.ts";

/** Where the other copy of metadata is. */
export interface OtherMetadata {
  /** The server. */
  readonly client: AIStoreClient;
  /** The node's path. */
  readonly node: string;
  /** Ends the request. */
  readonly signal?: AbortSignal;
}

/**
 * Tells whether metadata here and on a server say the same of a run or an artifact, but for the downloads that are
 * recorded here.
 *
 * @param path The file here.
 * @param other Where the server's copy is.
 * @returns Whether they do.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function isSameButForRecords(
  path: string,
  { client, node, signal }: OtherMetadata,
): Promise<boolean> {
  const here = await Deno.readTextFile(path);
  const there = await withRetry(
    async () =>
      await new Response(
        await client.getObject(`${node}/${METADATA_FILE}`, { signal }),
      ).text(),
    { signal },
  );
  try {
    return withoutDownloads(here) === withoutDownloads(there);
  } catch (error) {
    if (error instanceof DamagedFileError) return false;
    throw error;
  }
}

function withoutDownloads(text: string): string {
  const uploads = (remote: readonly RemoteRecord[]) =>
    remote.filter(({ action }) => action !== "download");
  if (decodeKind(text) === "Artifact") {
    const artifact = decodeArtifactMetadata(text);
    return encodeArtifactMetadata({
      ...artifact,
      remote: uploads(artifact.remote),
    });
  }
  const run = decodeRunMetadata(text);
  return encodeRunMetadata({ ...run, remote: uploads(run.remote) });
}
