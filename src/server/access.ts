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
import type { Shares } from "./store/shares.ts";

/** What a user may do with a node, from least to most. */
const PERMISSIONS = ["view", "edit", "own"] as const;

/** What a user may do with a node: look at it; change it and what is below it; share it, and give it away. */
export type Permission = AIStoreNode["permission"];

/** What {@linkcode Access} looks at. */
export interface AccessOptions {
  /** The nodes of all users. */
  readonly nodes: Nodes;
  /** With whom they are shared. */
  readonly shares: Shares;
  /** Whether nobody may change anything, not even what is theirs. Default: no. */
  readonly isReadOnly?: boolean | undefined;
}

/** A node that holds objects, and perhaps one of its keys. */
export interface ObjectPlace {
  /** The node's id. */
  readonly nodeId: string;
  /** The key of an object; undefined for the node itself. */
  readonly key: string | undefined;
}

/**
 * Nodes as one user may see them.
 *
 * To who may not even look at a node it is as if it were not there: by id both are 404, and by path both are 403, which
 * is what clients expect of a tree that is not theirs.
 */
export class Access {
  /** The user. */
  readonly user: string;
  readonly #nodes: Nodes;
  readonly #shares: Shares;
  readonly #isReadOnly: boolean;

  /**
   * @param options The nodes, and with whom they are shared.
   * @param user The user.
   */
  constructor(options: AccessOptions, user: string) {
    this.#nodes = options.nodes;
    this.#shares = options.shares;
    this.#isReadOnly = options.isReadOnly ?? false;
    this.user = user;
  }

  /**
   * What the user may do with a node. This is the one rule: a tree is its owner's, and a share of a node holds for it and
   * all that is below it; of several the strongest counts.
   *
   * @param node The node.
   * @returns The permission; undefined if the user may not even look at it.
   */
  permission(node: NodeRow): Permission | undefined {
    if (node.owner === this.user) return this.#isReadOnly ? "view" : "own";
    return this.#shares.granted(node.id, this.user);
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
    if (node === undefined || this.permission(node) === undefined) {
      throw nodeNotFound(reference);
    }
    this.#authorize(node, wanted);
    return node;
  }

  /**
   * Finds a node that is to leave its folder. That changes the folder: who may edit only the node may not do it.
   *
   * @param reference Its path or its id.
   * @returns The node.
   * @throws {Refusal} If it is not there, or the user may not do that.
   */
  removable(reference: string): NodeRow {
    const node = this.node(reference, "edit");
    if (this.permission(node) === "own") return node;
    const folder = this.#nodes.byId(node.parent_id ?? "");
    if (folder === undefined) throw denied();
    this.#authorize(folder, "edit");
    return node;
  }

  /**
   * Finds the folder that a node is to be moved to. The node becomes its owner's, so that into the tree of another only
   * who owns the node can move it.
   *
   * @param node The node.
   * @param reference The folder's path or id.
   * @returns The folder.
   * @throws {Refusal} If it is not there, or the user may not do that.
   */
  moveTarget(node: NodeRow, reference: string): NodeRow {
    const folder = this.node(reference, "edit");
    if (folder.id === node.parent_id) return folder;
    this.removable(node.id);
    if (folder.owner !== node.owner) this.#authorize(node, "own");
    return folder;
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
    const { nodeId, key = "" } = this.#place(path, wanted);
    checkObjectKey(key);
    return { nodeId, key };
  }

  /**
   * Finds the place of an object, or a node that holds objects.
   *
   * @param reference The path of either, or the id of a node.
   * @param wanted What is to be done with it.
   * @returns The place.
   * @throws {Refusal} If it is not there, or the user may not do that.
   */
  objects(reference: string, wanted: Permission): ObjectPlace {
    if (reference.startsWith("/")) return this.#place(reference, wanted);
    const { id } = this.objectNode(reference, wanted);
    return { nodeId: id, key: undefined };
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
    return describeNode(node, path, this.#authorize(node, "view"));
  }

  #place(path: string, wanted: Permission): ObjectPlace {
    const { node, missing, key } = this.#walk(path, wanted);
    if (node.type === "Folder" && missing !== undefined) {
      throw nodeNotFound(`${this.#nodes.pathOf(node.id)}/${missing}`);
    }
    checkHoldsObjects(node);
    if (key !== undefined) checkObjectKey(key);
    return { nodeId: node.id, key };
  }

  /** Goes down a path as far as there are nodes. */
  #walk(path: string, wanted: Permission) {
    const found = this.#nodes.walk(splitPath(path));
    if (found === undefined) throw denied();
    const { node, rest } = found;
    // Who may look at what is there may know that more is not, whatever was wanted of it.
    const isHere = rest.length === 0 || node.storage_type !== 0;
    this.#authorize(node, isHere ? wanted : "view");
    const [missing] = rest;
    return { node, missing, key: missing && rest.join("/") };
  }

  #authorize(node: NodeRow, wanted: Permission): Permission {
    const granted = this.permission(node);
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
