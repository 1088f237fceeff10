/**
 * Where the nodes of a dataflow graph are.
 *
 * @module
 */

import * as dagre from "@dagrejs/dagre";
import type { Component } from "../../api/types.ts";
import {
  type FlowLayout,
  type FlowPoint,
  NODE_SIZE,
} from "./flow_graph_data.ts";
import { layeredLayout } from "./layered_layout.ts";

/** So many nodes and edges are laid out well within a moment; of more, dagre would freeze the page. */
const MOST_FOR_DAGRE = 220;

/** Lays out a graph from left to right. */
export function layoutFlow(
  graph: Pick<Component, "nodes" | "edges">,
): FlowLayout {
  return graph.nodes.length + graph.edges.length <= MOST_FOR_DAGRE
    ? dagreLayout(graph)
    : layeredLayout(graph);
}

function dagreLayout(
  { nodes, edges }: Pick<Component, "nodes" | "edges">,
): FlowLayout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 12, ranksep: 64 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...NODE_SIZE });
  for (const { from, to } of edges) graph.setEdge(from, to);
  dagre.layout(graph);
  const places = new Map<string, FlowPoint>(nodes.map(({ id }) => {
    const { x, y } = graph.node(id);
    return [id, { x: x ?? 0, y: y ?? 0 }];
  }));
  const { width = 0, height = 0 } = graph.graph() ?? {};
  const zero = { x: 0, y: 0 };
  return {
    width,
    height,
    places,
    routes: edges.map(({ from, to }) => {
      const points: readonly FlowPoint[] = graph.edge(from, to)?.points ?? [];
      return [
        places.get(from) ?? zero,
        ...points.slice(1, -1),
        places.get(to) ?? zero,
      ];
    }),
  };
}

/** The shape stands above the name, so that it is higher than the middle of both. */
export const SHAPE_RISE = 13;
const SHAPE_RADIUS = 19;
/** The tip of an arrow ends before its shape. */
const TIP = 7;

/** An edge as an SVG path, from the edge of one shape to that of the next. */
export function routePath(route: readonly FlowPoint[]): string {
  const points = route.map(({ x, y }, i) => ({
    x: x +
      (i === 0
        ? SHAPE_RADIUS
        : i === route.length - 1
        ? -SHAPE_RADIUS - TIP
        : 0),
    y: y - SHAPE_RISE,
  }));
  return points.map(({ x, y }, i) => {
    const before = points[i - 1];
    if (before === undefined) return `M${round(x)} ${round(y)}`;
    // An edge against the direction leaves to the right all the same.
    const bend = Math.max(24, Math.abs(x - before.x) / 2);
    return `C${round(before.x + bend)} ${round(before.y)} ${round(x - bend)} ${
      round(y)
    } ${round(x)} ${round(y)}`;
  }).join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
