/**
 * What may be done with the folder that a node is in: it takes the right to edit that to move or to delete the node.
 *
 * @module
 */

import { signal } from "@preact/signals";
import { getNode } from "../api/nodes.ts";
import type { Node, Permission } from "../api/types.ts";
import { current } from "../state/current.ts";
import { parentPath } from "./allowed.ts";

type Known = Permission | "none";

const known = signal<ReadonlyMap<string, Known>>(new Map());
const asked = new Set<string>();

/**
 * Finds out what may be done with the folder that a node is in. Whoever asks while drawing is drawn again when it is known.
 *
 * @param node The node.
 * @returns What may be done; undefined while that is asked for.
 */
export function parentPermission(node: Node): Known | undefined {
  const parent = parentPath(node.path);
  if (node.permission === "own" || parent === undefined) return node.permission;
  if (current.value?.path === parent) return current.value.permission;
  const found = known.value.get(parent);
  if (found === undefined && !asked.has(parent)) {
    asked.add(parent);
    const note = (permission: Known): void => {
      known.value = new Map([...known.value, [parent, permission]]);
    };
    // A folder that one may not look at is refused.
    getNode(parent).then(
      ({ permission }) => note(permission),
      () => note("none"),
    );
  }
  return found;
}
