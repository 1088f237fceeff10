/**
 * Shortcuts.
 *
 * @module
 */

import type { Node } from "../api/types.ts";
import { nodeHref } from "../state/route.ts";

/** The id of what a shortcut leads to; undefined of other nodes, and where none stands in it. */
export function shortcutTarget(
  { type, extra }: Pick<Node, "type" | "extra">,
): string | undefined {
  if (type !== "Shortcut") return undefined;
  try {
    const target: unknown = JSON.parse(extra)?.target;
    return typeof target === "string" && target !== "" ? target : undefined;
  } catch {
    // What stands in it is the client's own, and may be anything.
    return undefined;
  }
}

/** The address of a node; of a shortcut, of what it leads to. */
export function hrefOf(node: Pick<Node, "id" | "type" | "extra">): string {
  return nodeHref(shortcutTarget(node) ?? node.id);
}
