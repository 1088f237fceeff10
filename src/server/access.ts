/**
 * What a request's paths and ids mean, and whether its user may do that. All of it is decided here.
 *
 * @module
 */

import type { AIStoreNode } from "../aistore/protocol.ts";
import { checkObjectKey, splitPath } from "./names.ts";
import { denied, invalid, nodeNotFound } from "./refusal.ts";
import { describeNode, type NodeRow } from "./store/node_row.ts";
import type { ObjectAddress } from "./store/objects.ts";
import type { Nodes } from "./store/nodes.ts";

/** What a user may do with a node, from least to most. */
const PERMISSIONS = ["view", "edit", "own"] as const;

/** What a user may do with a node. */
export type Permission = AIStoreNode["permission"];

/** Nodes as one user may see them. */
export class Access {
  /** The user. */
  readonly user: string;
  readonly #nodes: Nodes;

  /**
   * @param nodes The nodes of all users.
   * @param user The user.
   */
  constructor(nodes: Nodes, user: string) {
    this.#nodes = nodes;
    this.user = user;
  }

  /**
   * Finds a node.
   *
   * @param reference Its path or its id.
   * @param wanted What is to be done with it.
   * @returns The node.
   * @throws {Refusal} If it is not there, or the user may not do that.
   */
  node(reference: string, wanted: Permission): NodeRow {
    if (reference.startsWith("/")) {
      const { node, missing } = this.#walk(reference, wanted);
      if (missing !== undefined) throw nodeNotFound(reference);
      return node;
    }
    const node = this.#nodes.byId(reference);
    if (node === undefined) throw nodeNotFound(reference);
    this.#authorize(node.owner, wanted);
    return node;
  }

  /**
   * Finds a node that holds a set of objects.
   *
   * @param reference Its path or its id.
   * @param wanted What is to be done with it.
   * @returns The node.
   * @throws {Refusal} If it is not there, holds no objects, or the user may not do that.
   */
  objectNode(reference: string, wanted: Permission): NodeRow {
    const node = this.node(reference, wanted);
    checkHoldsObjects(node);
    return node;
  }

  /**
   * Finds the place of an object: the longest path of a node that the path begins with, and the key below it.
   *
   * @param path Such as `/demo/default/run/metrics/train.yaml`.
   * @param wanted What is to be done with it.
   * @returns The place; whether there is an object is not looked at.
   * @throws {Refusal} If no node holds it, it is no proper key, or the user may not do that.
   */
  object(path: string, wanted: Permission): ObjectAddress {
    const { node, missing, key } = this.#walk(path, wanted);
    if (node.type === "Folder" && missing !== undefined) {
      throw nodeNotFound(`${this.#nodes.pathOf(node.id)}/${missing}`);
    }
    checkHoldsObjects(node);
    checkObjectKey(key);
    return { nodeId: node.id, key };
  }

  /**
   * A node as the user sees it.
   *
   * @param node The node.
   * @returns The answer.
   */
  describe(node: NodeRow): AIStoreNode {
    return this.describeAt(node, this.#nodes.pathOf(node.id));
  }

  /**
   * A node as the user sees it, where its path is known.
   *
   * @param node The node.
   * @param path Its path.
   * @returns The answer.
   */
  describeAt(node: NodeRow, path: string): AIStoreNode {
    return describeNode(node, path, this.#authorize(node.owner, "view"));
  }

  #walk(path: string, wanted: Permission) {
    const segments = splitPath(path);
    this.#authorize(segments[0] ?? "", wanted);
    const found = this.#nodes.walk(segments);
    if (found === undefined) throw nodeNotFound(path);
    const { node, rest } = found;
    return { node, missing: rest[0], key: rest.join("/") };
  }

  /** The one rule: a tree is its owner's, and nobody else's. */
  #authorize(owner: string, wanted: Permission): Permission {
    const granted: Permission | undefined = owner === this.user
      ? "own"
      : undefined;
    if (
      granted === undefined ||
      PERMISSIONS.indexOf(granted) < PERMISSIONS.indexOf(wanted)
    ) throw denied();
    return granted;
  }
}

function checkHoldsObjects(node: NodeRow): void {
  if (node.storage_type === 2) return;
  throw invalid(
    `invalid node: "${node.name}" is of type ${node.type}, which holds no set of objects`,
  );
}
