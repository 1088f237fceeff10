/**
 * Finds what a reference names.
 *
 * @module
 */

import type { AIStoreNode } from "../aistore/protocol.ts";
import { findPath } from "../download/find_node.ts";
import { NotFoundError } from "../errors.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";
import { EmClient } from "./em_client.ts";
import { LocalSource } from "./local_source.ts";
import type { NodeSource } from "./node_source.ts";
import { RemoteSource } from "./remote_source.ts";

/** How {@linkcode openNode} finds. */
export interface OpenNodeOptions {
  /** The address of the server; what is named is on it. Default: a local path where there is one, else the current login's. */
  readonly host?: string | undefined;
}

/** A node on a server. */
export interface RemoteNode {
  /** The server. */
  readonly client: EmClient;
  /** The node. */
  readonly node: AIStoreNode;
}

/**
 * Whether a reference means something on this machine: it is there, or begins with a dot.
 *
 * @param reference The reference.
 * @param options A server, if one was named.
 * @returns Whether it does.
 */
export function isLocal(
  reference: string,
  { host }: OpenNodeOptions = {},
): boolean {
  if (host !== undefined) return false;
  return reference.startsWith(".") || exists(reference);
}

/**
 * Finds a run or an artifact.
 *
 * @param reference Its directory, or its path on a server, absolute or below the user's own folder.
 * @param options The server.
 * @returns The node.
 * @throws {NotFoundError} If there is none.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function openNode(
  reference: string,
  options: OpenNodeOptions = {},
): Promise<NodeSource> {
  if (isLocal(reference, options)) {
    if (exists(`${reference}/${METADATA_FILE}`)) {
      return new LocalSource(reference);
    }
    throw new NotFoundError(reference, "directory of a run or an artifact");
  }
  const { client, node } = await findRemote(reference, options);
  if (node.type === "Run" || node.type === "Artifact") {
    return new RemoteSource(client, node);
  }
  throw new NotFoundError(
    node.path,
    `run or artifact on AIStore server "${client.host}": its type is ${
      JSON.stringify(node.type)
    }`,
  );
}

/**
 * Finds a node of any type on a server.
 *
 * @param path Its path, absolute or below the user's own folder.
 * @param options The server.
 * @returns The node.
 * @throws {NotFoundError} If there is none.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function findRemote(
  path: string,
  { host }: OpenNodeOptions = {},
): Promise<RemoteNode> {
  return await findPath(path, {
    host,
    makeClient: (target) => new EmClient(target),
  });
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    if (isOsError(error)) return false;
    throw error;
  }
}
