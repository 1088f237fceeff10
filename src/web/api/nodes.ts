/**
 * Nodes: the tree, what is done to it, shares and trash.
 *
 * @module
 */

import { ask, send } from "./request.ts";
import type { Component, Node, Page, Shares, TrashedNode } from "./types.ts";

const NODES = "apis/v1/nodes";

/** Which nodes of a folder. */
export interface NodeQuery {
  readonly page?: number;
  /** Up to 1000. */
  readonly size?: number;
  readonly type?: string | readonly string[];
  readonly search?: string;
  /** `name`, `modified` or `type`, also after `-`. */
  readonly sort?: string;
}

/** A node, by id or path. */
export function getNode(node: string, signal?: AbortSignal): Promise<Node> {
  return ask<Node>(`${NODES}/info`, { query: { node }, signal });
}

/** What a shortcut leads to; any other node is itself. */
export function followShortcut(
  node: string,
  signal?: AbortSignal,
): Promise<Node> {
  return ask(`${NODES}/info`, { query: { node, follow: true }, signal });
}

/** A page of what is in a folder. */
export function listNodes(
  parent: string,
  query: NodeQuery = {},
  signal?: AbortSignal,
): Promise<Page<Node>> {
  return ask(NODES, { query: { parent, ...query }, signal });
}

/** A page of what others share with the user by name, or with everyone. */
export function listShared(
  from: "shared" | "public",
  query: NodeQuery = {},
  signal?: AbortSignal,
): Promise<Page<Node>> {
  return ask(`${NODES}/${from}`, { query: { ...query }, signal });
}

/** What a node is made of. */
export interface NewNode {
  readonly parent: string;
  readonly name: string;
  readonly type: "Folder" | "Shortcut";
  readonly labels?: readonly string[];
  readonly description?: string;
  readonly extra?: string;
}

/** Makes a folder or a shortcut. */
export function createNode(node: NewNode): Promise<Node> {
  return ask(NODES, { method: "POST", body: node });
}

/** What of a node is changed; `parent` moves it. */
export interface NodeChange {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly description?: string;
  readonly parent?: string;
}

/** Changes a node. */
export function updateNode(node: string, change: NodeChange): Promise<Node> {
  return ask(NODES, { method: "PUT", body: { node, ...change } });
}

/** Moves a node into the trash, with all that is below. */
export async function deleteNode(node: string): Promise<void> {
  await send(NODES, { method: "DELETE", body: { node } });
}

/** With whom a node is shared. */
export function getShares(node: string): Promise<Shares> {
  return ask(`${NODES}/shares`, { query: { node } });
}

/** Shares a node with these and no others. */
export function setShares(
  node: string,
  shares: Shares["shares"],
): Promise<Shares> {
  return ask(`${NODES}/shares`, { method: "PUT", body: { node, shares } });
}

/** A page of what the user has deleted. */
export function listTrash(
  query: { readonly page?: number; readonly size?: number } = {},
  signal?: AbortSignal,
): Promise<Page<TrashedNode>> {
  return ask("apis/v1/trash", { query, signal });
}

/** Restores what was deleted. `isInPlace` is false where its folder is gone and it is in the root now. */
export function restoreNode(
  id: string,
): Promise<Node & { readonly isInPlace: boolean }> {
  return ask("apis/v1/trash/restore", { method: "POST", body: { id } });
}

/** Deletes for good. */
export async function purgeNode(id: string): Promise<void> {
  await send("apis/v1/trash", { method: "DELETE", body: { id } });
}

/** The nodes that dataflow connects with one. */
export function getComponent(
  current: string,
  signal?: AbortSignal,
): Promise<Component> {
  return ask("apis/v1/graphs/component", { query: { current }, signal });
}
