import type { AIStoreClient } from "../aistore/client.ts";
import type { ObjectRecord } from "../aistore/protocol.ts";
import { withRetry } from "./retry.ts";

/** How {@linkcode listObjects} asks. */
export interface ListObjectsOptions {
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Asks a server for all objects of a node, again where an attempt fails.
 *
 * @param client The server.
 * @param node The node's path.
 * @param options Abort.
 * @returns The objects, by their keys.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export function listObjects(
  client: AIStoreClient,
  node: string,
  { signal }: ListObjectsOptions = {},
): Promise<Map<string, ObjectRecord>> {
  return withRetry(async () => {
    const found = new Map<string, ObjectRecord>();
    for await (const object of client.listObjects(node, { signal })) {
      found.set(object.path.replace(/^\/+/, ""), object);
    }
    return found;
  }, { signal });
}
