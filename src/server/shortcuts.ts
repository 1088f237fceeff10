/**
 * Shortcuts: nodes that point to other nodes. The `extra` of one is `{"target": "<node id>"}`, with whatever else
 * clients keep there. A shortcut gives nobody a right, and outlives its target.
 *
 * @module
 */

import type { NodeType } from "../aistore/protocol.ts";
import type { Access } from "./access.ts";
import { invalid, nodeNotFound } from "./refusal.ts";
import type { NodeRow } from "./store/node_row.ts";

/** The type of a shortcut. */
const SHORTCUT: NodeType = "Shortcut";

/**
 * Checks where a new shortcut leads to; of a node of another type nothing is checked.
 *
 * @param access What the user may see.
 * @param node The node.
 * @throws {Refusal} If it leads nowhere, to another shortcut, or to what the user may not see.
 */
export function checkShortcut(
  access: Access,
  node: Pick<NodeRow, "type" | "extra">,
): void {
  if (node.type !== SHORTCUT) return;
  const target = targetOf(node.extra);
  if (target === undefined || target.startsWith("/")) {
    throw invalid(
      'invalid shortcut: its "extra" must be JSON with the id of a node, such as {"target": "<id>"}',
    );
  }
  if (access.node(target, "view").type === SHORTCUT) {
    throw invalid("invalid shortcut: it leads to another shortcut");
  }
}

/**
 * Follows a shortcut.
 *
 * @param access What the user may see.
 * @param node The shortcut, or any other node, which leads to itself.
 * @returns The node that it leads to.
 * @throws {Refusal} If that is gone, or is not for the user to see.
 */
export function followShortcut(access: Access, node: NodeRow): NodeRow {
  if (node.type !== SHORTCUT) return node;
  const target = targetOf(node.extra);
  if (target === undefined) throw nodeNotFound(node.id);
  return access.node(target, "view");
}

function targetOf(extra: string): string | undefined {
  try {
    const target: unknown = JSON.parse(extra)?.target;
    return typeof target === "string" ? target : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
