/**
 * A node as it is stored, and as clients see it.
 *
 * @module
 */

import type { AIStoreNode } from "../../aistore/protocol.ts";

/** A node as it is stored. */
export interface NodeRow {
  /** UUID. */
  readonly id: string;
  /** The folder it is in; null for a user's root. */
  readonly parent_id: string | null;
  /** The user whose tree it is in. */
  readonly owner: string;
  /** Unique in its folder. */
  readonly name: string;
  /** Such as `Run`. */
  readonly type: string;
  /** How much data it holds. */
  readonly storage_type: number;
  /** A sorted JSON array. */
  readonly labels: string;
  /** Free text. */
  readonly description: string;
  /** Text that belongs to clients. */
  readonly extra: string;
  /** Who changed it last. */
  readonly editor: string;
  /** When that was. */
  readonly modified: string;
}

/** What a client may change of a node. */
export interface NodeChanges {
  /** A new name. */
  readonly name?: string | undefined;
  /** Another folder to be in. */
  readonly parent?: NodeRow | undefined;
  /** New labels. */
  readonly labels?: readonly string[] | undefined;
  /** A new description. */
  readonly description?: string | undefined;
  /** New text of the client's own. */
  readonly extra?: string | undefined;
}

/**
 * A node as clients see it.
 *
 * @param row The stored node.
 * @param path Its path.
 * @param permission What the client may do with it.
 * @returns The node, its keys in the order that the real server prints.
 */
export function describeNode(
  row: NodeRow,
  path: string,
  permission: AIStoreNode["permission"],
): AIStoreNode {
  return {
    description: row.description,
    editor: row.editor,
    extra: row.extra,
    id: row.id,
    labels: JSON.parse(row.labels),
    modifiedTimestamp: row.modified,
    name: row.name,
    path,
    permission,
    storageType: row.storage_type,
    type: row.type,
  };
}
