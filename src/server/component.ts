/**
 * The connected component of a node in the dataflow graph.
 *
 * @module
 */

import {
  type Edge,
  type EdgeEnd,
  edgeEndId,
  type Neighbour,
} from "./store/edges.ts";
import type { NodeRow } from "./store/node_row.ts";
import type { Store } from "./store/store.ts";

/** How {@linkcode findComponent} looks. */
export interface ComponentOptions {
  /** Where the graph is. */
  readonly store: Pick<Store, "edges" | "nodes">;
  /** The most nodes. */
  readonly limit: number;
  /** Whether a node may be seen. Through one that may not be seen, nothing is found. */
  readonly isVisible: (node: NodeRow) => boolean;
}

/** Nodes that dataflow connects. */
export interface Component {
  /** The nodes, the nearest first. */
  readonly ends: readonly Neighbour[];
  /** The edges between them. */
  readonly edges: readonly Edge[];
  /** Whether these are all. */
  readonly complete: boolean;
}

/**
 * Finds the nodes to which one is connected, whatever the direction of the edges between.
 *
 * @param start The node.
 * @param options Where to look, and how far.
 * @returns The component.
 */
export function findComponent(
  start: EdgeEnd,
  { store, limit, isVisible }: ComponentOptions,
): Component {
  const found = new Map<string, Neighbour>();
  const seen = new Set([edgeEndId(start)]);
  const queue: EdgeEnd[] = [start];
  let complete = true;
  // The queue grows while it is walked through.
  for (const end of queue) {
    const node = store.nodes.byId(end.id);
    if (node === undefined || !isVisible(node)) continue;
    if (found.size === limit) {
      complete = false;
      break;
    }
    found.set(edgeEndId(end), { ...node, version: end.version });
    for (
      const next of [...store.edges.sources(end), ...store.edges.targets(end)]
    ) {
      const id = edgeEndId(next);
      if (!seen.has(id)) queue.push(next);
      seen.add(id);
    }
  }
  const ends = [...found.values()];
  const edges = ends.flatMap((from) =>
    store.edges.targets(from)
      .filter((to) => found.has(edgeEndId(to)))
      .map((to) => ({ from, to }))
  );
  return { ends, edges, complete };
}
