/**
 * The objects of a node.
 *
 * @module
 */

import { apiUrl, ask, send } from "./request.ts";
import type { Node, ObjectRecord, Page } from "./types.ts";

const OBJECTS = "apis/v1/objects";

/** Which objects. */
export interface ObjectQuery {
  readonly page?: number;
  /** Up to 1000. */
  readonly size?: number;
  readonly prefix?: string;
  readonly search?: string;
}

/** A page of a node's objects, by key. */
export function listObjects(
  node: Node,
  query: ObjectQuery = {},
  signal?: AbortSignal,
): Promise<Page<ObjectRecord>> {
  return ask(`${OBJECTS}/ls`, { query: { path: node.id, ...query }, signal });
}

/** Where a browser gets an object. */
export function objectUrl(node: Node, key: string): string {
  return apiUrl(OBJECTS, { path: `${node.path}/${key}` });
}

/**
 * Reads a part of an object.
 *
 * @param node The node.
 * @param key The object's key.
 * @param range The first byte and the first that is not wanted, or the last so many bytes as a negative `from`.
 * @param signal Ends the wait.
 * @returns The bytes, where they begin, and how long the object is.
 */
export async function readRange(
  node: Node,
  key: string,
  range: { readonly from: number; readonly to?: number },
  signal?: AbortSignal,
): Promise<{ bytes: Uint8Array; from: number; size: number }> {
  const { from, to } = range;
  const value = from < 0 ? `${from}` : `${from}-${to ? to - 1 : ""}`;
  const response = await send(OBJECTS, {
    query: { path: `${node.path}/${key}` },
    headers: { range: `bytes=${value}` },
    signal,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const [, begin, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(
    response.headers.get("content-range") ?? "",
  ) ??
    [];
  return {
    bytes,
    from: Number(begin ?? 0),
    size: Number(size ?? bytes.length),
  };
}
