import type { AIStoreClient } from "./client.ts";
import type { RequestOptions } from "./transport.ts";

/**
 * The path of a folder as the server knows it.
 *
 * @param folder The folder as the user gave it: with a leading `/` whole, otherwise below the user's root.
 * @param user The user.
 * @returns The path, without trailing slashes.
 */
export function folderPath(folder: string, user: string): string {
  return (folder.startsWith("/") ? folder : `/${user}/${folder}`).replace(
    /\/+$/,
    "",
  );
}

/**
 * Makes a folder and those above it. The user's own root must exist.
 *
 * @param client The server.
 * @param path The folder's path, at least `/<user>/<name>`.
 * @param options Abort.
 */
export async function makeFolders(
  client: AIStoreClient,
  path: string,
  options: RequestOptions = {},
): Promise<void> {
  const segments = path.split("/").filter((segment) => segment !== "");
  const missing: number[] = [];
  for (let depth = segments.length; depth >= 2; depth--) {
    if (await client.node(pathOf(segments, depth), options) !== undefined) {
      break;
    }
    missing.unshift(depth);
  }
  for (const depth of missing) {
    // A folder that somebody else made meanwhile is as good.
    await client.createNode({
      parent: pathOf(segments, depth - 1),
      name: segments[depth - 1] ?? "",
      labels: [],
      description: "",
      type: "Folder",
      extra: JSON.stringify({ createdTimestamp: new Date().toISOString() }),
    }, options);
  }
}

function pathOf(segments: readonly string[], depth: number): string {
  return `/${segments.slice(0, depth).join("/")}`;
}
