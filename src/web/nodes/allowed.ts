/**
 * What a user may do with a node.
 *
 * @module
 */

import type { Node, Permission } from "../api/types.ts";

/** What can be done with a node. */
export type Action =
  | "newFolder"
  | "rename"
  | "labels"
  | "description"
  | "move"
  | "share"
  | "shortcut"
  | "delete";

/** What is known of who asks. */
export interface Asker {
  readonly user: string | null;
  /** Whether nothing can be changed. */
  readonly readOnly?: boolean;
  /** What may be done with the folder that the node is in; undefined while that is not known. */
  readonly parent?: Permission | "none" | undefined;
}

/** What the server does not refuse. */
export function allowedActions(
  node: Pick<Node, "type" | "path" | "permission">,
  asker: Asker,
): ReadonlySet<Action> {
  const { user, readOnly, parent } = asker;
  if (readOnly) return new Set();
  const isRoot = parentPath(node.path) === undefined;
  const mayEdit = node.permission !== "view";
  const isOwn = node.permission === "own";
  const mayTakeOut = isOwn || parent === "edit" || parent === "own";
  const rules: readonly (readonly [Action, boolean])[] = [
    ["newFolder", node.type === "Folder" && mayEdit],
    ["rename", mayEdit && !isRoot],
    ["labels", mayEdit],
    ["description", mayEdit],
    ["move", mayTakeOut && !isRoot],
    ["share", isOwn],
    ["shortcut", user !== null && node.type !== "Shortcut"],
    ["delete", mayTakeOut && !isRoot],
  ];
  return new Set(rules.filter(([, may]) => may).map(([action]) => action));
}

/** The folder that a path is in; undefined of a root. */
export function parentPath(path: string): string | undefined {
  const at = path.lastIndexOf("/");
  return at > 0 ? path.slice(0, at) : undefined;
}

/** Whether a path is another's, or below it. */
export function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
