/**
 * The nodes that a request is about.
 *
 * @module
 */

import type { Mirror } from "./mirror.ts";
import type { ShownNode } from "./shown_node.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** The longest body that is looked into. */
const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Finds the nodes that a request names, in its address or its body.
 *
 * @param request The request, whose body can still be read afterwards.
 * @param mirror Knows the nodes.
 * @returns The nodes, each once.
 */
export async function namedNodes(
  request: Request,
  mirror: Mirror,
): Promise<ShownNode[]> {
  const nodes = new Set<ShownNode | undefined>();
  for (const [, value] of new URL(request.url).searchParams) {
    if (value.startsWith("/")) nodes.add(mirror.findPath(value));
    for (const [id] of value.matchAll(UUID)) nodes.add(mirror.find(id));
  }
  const length = Number(request.headers.get("content-length") ?? "0");
  if (request.method === "POST" && length > 0 && length <= MAX_BODY_BYTES) {
    const text = await request.clone().text();
    for (const [id] of text.matchAll(UUID)) nodes.add(mirror.find(id));
  }
  return [...nodes].filter((node) => node !== undefined);
}
