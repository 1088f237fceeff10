/**
 * What a node may be.
 *
 * @module
 */

import { type NodeType, STORAGE_TYPES } from "../../aistore/protocol.ts";
import { invalid } from "../refusal.ts";

/** What a client says of the kind of a node. */
export interface NodeKind {
  /** Its type. */
  readonly type: string;
  /** How much data it holds; the type decides that, and where this is said it must agree. */
  readonly storageType?: number | undefined;
}

/**
 * Checks the kind of a new node.
 *
 * @param kind The kind.
 * @returns How much data such a node holds.
 * @throws {Refusal} If there is no such kind.
 */
export function storageTypeOf({ type, storageType }: NodeKind): number {
  if (!isNodeType(type)) {
    const known = Object.keys(STORAGE_TYPES).join(", ");
    throw invalid(`invalid node type: it must be one of ${known}`);
  }
  const wanted = STORAGE_TYPES[type];
  if ((storageType ?? wanted) === wanted) return wanted;
  throw invalid(`invalid storageType: a ${type} has ${wanted}`);
}

/**
 * Labels as they are stored: sorted, each once.
 *
 * @param labels The labels.
 * @returns A JSON array.
 */
export function labelsText(labels: readonly string[]): string {
  return JSON.stringify([...new Set(labels)].sort());
}

function isNodeType(type: string): type is NodeType {
  return Object.hasOwn(STORAGE_TYPES, type);
}
