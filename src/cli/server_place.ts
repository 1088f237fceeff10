import type { AIStoreClient } from "../aistore/client.ts";
import type { AIStoreNode } from "../aistore/protocol.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";

/** A server, as commands name what is on it. */
export interface ServerPlace {
  /** The server. */
  readonly client: AIStoreClient;
  /** The user whose key it is. */
  readonly user: string;
  /** The absolute path of what was named; a relative one is below the user's root. */
  readonly pathOf: (given: string) => string;
  /** The node of that path, under the path by which it was found, or undefined. */
  readonly find: (given: string) => Promise<AIStoreNode | undefined>;
  /** The same; it is a failure if there is none. */
  readonly node: (given: string) => Promise<AIStoreNode>;
}

/**
 * Opens the server that a command works on.
 *
 * @param io Where its environment is.
 * @param host The server's address. Default: the current context's.
 * @returns The server.
 * @throws {EmError} If none is known, or it does not answer, or refuses the key.
 */
export async function openServer(
  io: CliIo,
  host?: string,
): Promise<ServerPlace> {
  const { resolveTarget } = await import("../aistore/session.ts");
  const { AIStoreClient } = await import("../aistore/client.ts");
  const { folderPath } = await import("../aistore/folders.ts");
  const { withRetry } = await import("../download/retry.ts");
  const { requireNetPermission } = await import("../aistore/host.ts");
  const target = await resolveTarget({ host, env: io.env });
  requireNetPermission(target.host);
  const client = new AIStoreClient(target);
  const { preferred_username: user } = await client.userInfo();
  const pathOf = (given: string) => folderPath(given, user);
  const find = async (given: string) => {
    const path = pathOf(given);
    const node = await withRetry(() => client.node(path));
    return node && { ...node, path };
  };
  const node = async (given: string) => {
    const found = await find(given);
    if (found !== undefined) return found;
    throw new CliFailure(
      `there is no "${pathOf(given)}" on AIStore server "${client.host}"`,
    );
  };
  return { client, user, pathOf, find, node };
}

/**
 * The description of the option that names a server.
 */
export const HOST_OPTION = [
  "--host <url>",
  "the server's address (default: the current context's)",
] as const;
