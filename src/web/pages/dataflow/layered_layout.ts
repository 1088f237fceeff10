/**
 * A layout for graphs that are too large for a beautiful one: in layers from left to right, in time that grows with the graph.
 *
 * @module
 */

import type { Component } from "../../api/types.ts";
import {
  type FlowLayout,
  type FlowPoint,
  NODE_SIZE,
} from "./flow_graph_data.ts";

const GAP = { across: 90, between: 24, down: 12 } as const;
/** A layer with more nodes than this is folded into several columns. */
const MOST_ROWS = 32;
const SWEEPS = 4;

/** Lays out a graph. */
export function layeredLayout(
  { nodes, edges }: Pick<Component, "nodes" | "edges">,
): FlowLayout {
  const ids = nodes.map(({ id }) => id);
  const layers = sortLayers(layersOf(ids, edges), edges);
  const places = new Map<string, FlowPoint>();
  const rowHeight = NODE_SIZE.height + GAP.down;
  const most = Math.max(1, ...layers.map(({ length }) => length));
  const height = Math.min(most, MOST_ROWS) * rowHeight;
  let left = 0;
  for (const layer of layers) {
    const columns = Math.max(1, Math.ceil(layer.length / MOST_ROWS));
    const rows = Math.ceil(layer.length / columns);
    const top = (height - rows * rowHeight) / 2;
    layer.forEach((id, i) =>
      places.set(id, {
        x: left + NODE_SIZE.width / 2 +
          Math.floor(i / rows) * (NODE_SIZE.width + GAP.between),
        y: top + (i % rows + 0.5) * rowHeight,
      })
    );
    left += columns * (NODE_SIZE.width + GAP.between) - GAP.between +
      GAP.across;
  }
  const zero = { x: 0, y: 0 };
  return {
    width: Math.max(0, left - GAP.across),
    height,
    places,
    routes: edges.map(({ from, to }) => [
      places.get(from) ?? zero,
      places.get(to) ?? zero,
    ]),
  };
}

/** The nodes by how many steps of data are before them at most; edges that close a circle do not count. */
export function layersOf(
  ids: readonly string[],
  edges: Component["edges"],
): string[][] {
  const next = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) {
    if (next.has(to)) next.get(from)?.push(to);
  }
  const depth = new Map<string, number>();
  for (const id of forwardOrder(ids, next)) {
    const own = depth.get(id) ?? 0;
    depth.set(id, own);
    for (const to of next.get(id) ?? []) {
      depth.set(to, Math.max(depth.get(to) ?? 0, own + 1));
    }
  }
  const layers: string[][] = [];
  for (const id of ids) (layers[depth.get(id) ?? 0] ??= []).push(id);
  return layers;
}

/** An order in which data goes forward only; edges that go back are taken out of `next`. */
function forwardOrder(
  ids: readonly string[],
  next: ReadonlyMap<string, string[]>,
): readonly string[] {
  const state = new Map<string, "open" | "done">();
  const order: string[] = [];
  for (const start of ids) {
    if (state.has(start)) continue;
    state.set(start, "open");
    const stack = [{ id: start, at: 0 }];
    while (stack.length > 0) {
      const top = stack.at(-1);
      if (top === undefined) break;
      const targets = next.get(top.id) ?? [];
      const target = targets[top.at];
      if (target === undefined) {
        state.set(top.id, "done");
        order.push(top.id);
        stack.pop();
      } else if (state.get(target) === "open") {
        targets.splice(top.at, 1);
      } else {
        top.at++;
        if (!state.has(target)) {
          state.set(target, "open");
          stack.push({ id: target, at: 0 });
        }
      }
    }
  }
  return order.reverse();
}

/** Puts nodes of a layer near those to which they are connected. */
function sortLayers(
  layers: readonly string[][],
  edges: Component["edges"],
): readonly string[][] {
  const linked = new Map<string, string[]>();
  for (const { from, to } of edges) {
    linked.set(from, [...linked.get(from) ?? [], to]);
    linked.set(to, [...linked.get(to) ?? [], from]);
  }
  const position = new Map<string, number>();
  const number = (layer: readonly string[]): void =>
    layer.forEach((id, i) => position.set(id, (i + 0.5) / layer.length));
  layers.forEach(number);
  const middle = (id: string): number => {
    const others = linked.get(id) ?? [];
    const sum = others.reduce((a, other) => a + (position.get(other) ?? 0), 0);
    return others.length === 0 ? position.get(id) ?? 0 : sum / others.length;
  };
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const layer of sweep % 2 === 0 ? layers : layers.toReversed()) {
      const wanted = new Map(layer.map((id) => [id, middle(id)]));
      layer.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      number(layer);
    }
  }
  return layers;
}
