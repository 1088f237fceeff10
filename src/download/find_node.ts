import { AIStoreClient } from "../aistore/client.ts";
import { folderPath } from "../aistore/folders.ts";
import { requireNetPermission } from "../aistore/host.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { type ResolvedTarget, resolveTarget } from "../aistore/session.ts";
import { NotFoundError, NotLoggedInError } from "../errors.ts";
import { withRetry } from "./retry.ts";

/** What holds objects and can be downloaded. */
export type DownloadType = "Run" | "Artifact";

/** What {@linkcode findNode} looks for. */
export interface FindNodeOptions {
  /** The type that the node must have. */
  readonly type: DownloadType;
  /** The server's address. Default: that of the session, then of the configuration. */
  readonly host?: string | undefined;
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined;
}

/** A node on a server. */
export interface FoundNode {
  /** The server. */
  readonly client: AIStoreClient;
  /** The node, under the path by which it was found. */
  readonly node: AIStoreNode;
}

/**
 * Finds a node on the server that somebody has logged in to, or that the configuration names.
 *
 * @param path The node's path; a relative one is below the user's root.
 * @param options What it must be.
 * @returns The node.
 * @throws {NotFoundError} If there is no such node, it is of another type, or no server is known.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function findNode(
  path: string,
  { type, host, signal }: FindNodeOptions,
): Promise<FoundNode> {
  const { client, node } = await findPath(path, {
    host,
    signal,
    makeClient: (target) => new AIStoreClient(target),
  });
  if (node.type !== type) {
    throw new NotFoundError(
      node.path,
      `node of type "${type}" on AIStore server "${client.host}": its type is ${
        JSON.stringify(node.type)
      }`,
    );
  }
  return { client, node };
}

/** How {@linkcode findPath} looks. */
export interface FindPathOptions<Client> {
  /** Makes the client to look with. */
  readonly makeClient: (target: ResolvedTarget) => Client;
  /** The server's address. Default: that somebody has logged in to, or that the configuration names. */
  readonly host?: string | undefined;
  /** Ends the search. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds a node of any type.
 *
 * @param path The node's path; a relative one is below the user's root.
 * @param options The server and the client.
 * @returns The client and the node, under the path by which it was found.
 * @throws {NotFoundError} If there is no such node, or no server is known.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function findPath<Client extends AIStoreClient>(
  path: string,
  { makeClient, host, signal }: FindPathOptions<Client>,
): Promise<{ readonly client: Client; readonly node: AIStoreNode }> {
  const target = await findServer(path, host);
  requireNetPermission(target.host);
  const client = makeClient(target);
  const nodePath = await withRetry(
    () => absolutePath(client, path, { user: target.user, signal }),
    { signal },
  );
  const node = await withRetry(() => client.node(nodePath, { signal }), {
    signal,
  });
  if (node === undefined) {
    throw new NotFoundError(
      nodePath,
      `local directory or a path on AIStore server "${client.host}"`,
    );
  }
  // What the server calls the node is not needed, and need not be right.
  return { client, node: { ...node, path: nodePath } };
}

async function findServer(
  path: string,
  host: string | undefined,
): Promise<ResolvedTarget> {
  try {
    return await resolveTarget(host === undefined ? {} : { host });
  } catch (error) {
    if (!(error instanceof NotLoggedInError) || host !== undefined) throw error;
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
