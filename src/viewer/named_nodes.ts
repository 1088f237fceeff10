/**
 * The nodes that a request or an answer is about.
 *
 * @module
 */

import type { Mirror } from "./mirror.ts";
import type { ShownNode } from "./shown_node.ts";

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/**
 * Finds the nodes that the address of a request names.
 *
 * @param url The address.
 * @param mirror Knows the nodes.
 * @returns The nodes, each once.
 */
export function nodesInUrl(url: URL, mirror: Mirror): ShownNode[] {
  const values = [...url.searchParams.values()];
  const byPath = values.filter((value) => value.startsWith("/"))
    .flatMap((path) => mirror.findPath(path) ?? []);
  return [...new Set([...byPath, ...nodesIn(values.join(" "), mirror)])];
}

/**
 * Finds the nodes whose ids are in a text.
 *
 * @param text The text.
 * @param mirror Knows the nodes.
 * @returns The nodes, each once.
 */
export function nodesIn(text: string, mirror: Mirror): ShownNode[] {
  const ids = new Set(text.matchAll(UUID).map(([id]) => id));
  return [...ids].flatMap((id) => mirror.find(id) ?? []);
}
