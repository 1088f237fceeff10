import { AIStoreClient } from "../aistore/client.ts";
import { folderPath } from "../aistore/folders.ts";
import { requireNetPermission } from "../aistore/host.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { type ResolvedTarget, resolveTarget } from "../aistore/session.ts";
import { downloadNode } from "../download/download_node.ts";
import { withRetry } from "../download/retry.ts";
import { NotFoundError, NotLoggedInError } from "../errors.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { parentDir } from "../local/permissions.ts";
import type { Reporter } from "../reporter.ts";

/** How {@linkcode downloadRun} works. */
export interface DownloadRunOptions {
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
  /** Gets a line for what a missing permission hides. */
  readonly leftOut: string[];
  /** Ends the download. */
  readonly signal?: AbortSignal | undefined;
}

/** A run that was on a server and is here. */
export interface DownloadedRun {
  /** The run directory. */
  readonly dir: string;
  /** The record of the download; absent if the run was here already. */
  readonly record?: RemoteRecord;
}

/**
 * Brings a run from the server into the directory of runs, unless it is there.
 *
 * @param path The run's path on the server; a relative one is below the user's root.
 * @param options Whom to tell what.
 * @returns Where it is.
 * @throws {NotFoundError} If there is no such run.
 * @throws {DownloadError} If it cannot be downloaded as it is.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function downloadRun(
  path: string,
  { reporter, leftOut, signal }: DownloadRunOptions,
): Promise<DownloadedRun> {
  const target = await findServer(path);
  requireNetPermission(target.host);
  const client = new AIStoreClient(target);
  const nodePath = await withRetry(
    () => absolutePath(client, path, { user: target.user, signal }),
    { signal },
  );
  const node = await withRetry(() => findRun(client, nodePath, signal), {
    signal,
  });
  const into = parentDir("EM_RUN_PARENT_DIR", {
    fallback: ".em/runs",
    leftOut,
  });
  const { dir, isNew } = await downloadNode({
    client,
    node,
    into,
    reporter,
    ...(signal === undefined ? {} : { signal }),
  });
  if (!isNew) return { dir };
  const timestamp = formatTimestamp();
  const record = { host: client.host, path: nodePath, id: node.id };
  return { dir, record: { action: "download", timestamp, ...record } };
}

async function findServer(path: string): Promise<ResolvedTarget> {
  try {
    return await resolveTarget();
  } catch (error) {
    if (!(error instanceof NotLoggedInError)) throw error;
    throw new NotFoundError(
      path,
      `local directory, and no server is known to look for it there: ${error.message}`,
      { cause: error },
    );
  }
}

async function absolutePath(
  client: AIStoreClient,
  path: string,
  { user, signal }: {
    readonly user: string | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<string> {
  if (path.startsWith("/")) return folderPath(path, "");
  const name = user ?? (await client.userInfo({ signal })).preferred_username;
  return folderPath(path, name);
}

async function findRun(
  client: AIStoreClient,
  path: string,
  signal: AbortSignal | undefined,
): Promise<AIStoreNode> {
  const node = await client.node(path, { signal });
  if (node === undefined) {
    throw new NotFoundError(
      path,
      `local directory or a path on AIStore server "${client.host}"`,
    );
  }
  if (node.type !== "Run") {
    throw new NotFoundError(
      path,
      `Run on AIStore server "${client.host}": its type is ${
        JSON.stringify(node.type)
      }`,
    );
  }
  // What the server calls the node is not needed, and need not be right.
  return { ...node, path };
}
