/**
 * The objects of a node, for a component.
 *
 * @module
 */

import { listObjects } from "../api/objects.ts";
import type { Node, ObjectRecord } from "../api/types.ts";
import { type Query, useQuery } from "../state/use_query.ts";
import { useChanges } from "../state/use_changes.ts";

const PAGE_SIZE = 1000;
const MAX_PAGES = 20;
const FEW_PAUSE_MS = 2000;
const MANY_PAUSE_MS = 15_000;

/** Objects of a node. */
export interface ObjectList {
  readonly objects: readonly ObjectRecord[];
  /** How many there are in all. */
  readonly total: number;
}

/**
 * Lists the objects of a node, as they change: all of them, or of very many the first 20 000.
 *
 * @param node The node.
 * @param search Asks the server for those with this text in their key only.
 * @returns How it stands.
 */
export function useObjects(node: Node, search: string): Query<ObjectList> {
  const query = useQuery(`objects ${node.id} ${search}`, async (abort) => {
    const objects: ObjectRecord[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const { data, pagination } = await listObjects(
        node,
        { page, size: PAGE_SIZE, search },
        abort,
      );
      objects.push(...data ?? []);
      if (objects.length >= pagination.total || data === null) break;
      if (page === MAX_PAGES) return { objects, total: pagination.total };
    }
    return { objects, total: objects.length };
  });
  const isMany = (query.data?.total ?? 0) > PAGE_SIZE;
  useChanges(
    node.id,
    [
      "files",
      "log",
      "metrics",
      "status",
      "hyperparameters",
      "environment",
    ],
    query.reload,
    { pauseMs: isMany ? MANY_PAUSE_MS : FEW_PAUSE_MS },
  );
  return query;
}
