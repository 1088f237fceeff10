/**
 * Where the nodes of a dataflow graph are: in layers from left to right, in time that grows with the graph. (dagre takes ten
 * seconds for a thousand nodes, and a tenth of what the pages may weigh.)
 *
 * @module
 */

import type { Component } from "../../api/types.ts";
import {
  type FlowLayout,
  type FlowPoint,
  NODE_SIZE,
} from "./flow_graph_data.ts";
import { layersOf } from "./layers.ts";

const GAP = { across: 72, between: 24, down: 12 } as const;
const ROW_HEIGHT = NODE_SIZE.height + GAP.down;
/** The room of an edge that passes a layer. */
const PASS_HEIGHT = 16;
/** A layer with more nodes than this is folded into several columns. */
const MOST_ROWS = 32;
/** Where more edges than this pass layers, they go behind the nodes. */
const MOST_PASSES = 2000;
const SORT_SWEEPS = 8;
const ALIGN_SWEEPS = 6;

/** What stands in a layer: a node, or an edge that passes it. */
interface Slot {
  readonly height: number;
  readonly before: Slot[];
  readonly after: Slot[];
  /** From 0 to 1, where it stands among its layer. */
  rank: number;
  y: number;
}

/** Lays out a graph from left to right. */
export function layoutFlow(
  { nodes, edges }: Pick<Component, "nodes" | "edges">,
): FlowLayout {
  const layers = layersOf(nodes.map(({ id }) => id), edges);
  const layerOf = new Map(
    layers.flatMap((ids, layer) => ids.map((id) => [id, layer] as const)),
  );
  const slots = new Map(nodes.map(({ id }) => [id, makeSlot(ROW_HEIGHT)]));
  const columns = layers.map((ids) => ids.flatMap((id) => slots.get(id) ?? []));
  const passes = edges.map(({ from, to }) => {
    const [first = 0, last = 0] = [layerOf.get(from), layerOf.get(to)];
    return { from: slots.get(from), to: slots.get(to), first, last };
  });
  const isFolded = layers.some(({ length }) => length > MOST_ROWS);
  const between = passes.reduce(
    (sum, { first, last }) => sum + Math.max(0, last - first - 1),
    0,
  );
  const areRouted = !isFolded && between <= MOST_PASSES;
  const chains = passes.map(({ from, to, first, last }) => {
    if (from === undefined || to === undefined || last <= first) return [];
    const chain: Slot[] = [];
    for (let layer = first + 1; areRouted && layer < last; layer++) {
      const pass = makeSlot(PASS_HEIGHT);
      columns[layer]?.push(pass);
      chain.push(pass);
    }
    link([from, ...chain, to]);
    return chain;
  });
  sortColumns(columns);
  const lefts = isFolded ? fold(columns) : align(columns);
  const xOf = new Map(
    columns.flatMap((column, i) =>
      column.map((slot, place) => [slot, lefts(i, place)] as const)
    ),
  );
  const pointOf = (slot: Slot | undefined): FlowPoint => ({
    x: (slot && xOf.get(slot)) ?? 0,
    y: slot?.y ?? 0,
  });
  const places = new Map(
    nodes.map(({ id }) => [id, pointOf(slots.get(id))]),
  );
  const most = (values: Iterable<number>): number =>
    [...values].reduce((a, b) => Math.max(a, b), 0);
  return {
    width: most(xOf.values()) + NODE_SIZE.width / 2,
    height: most([...xOf.keys()].map(({ y, height }) => y + height / 2)),
    places,
    routes: passes.map(({ from, to }, i) =>
      [from, ...chains[i] ?? [], to].map(pointOf)
    ),
  };
}

function makeSlot(height: number): Slot {
  return { height, before: [], after: [], rank: 0, y: 0 };
}

function link(chain: readonly Slot[]): void {
  for (const [i, slot] of chain.entries()) {
    const next = chain[i + 1];
    if (next === undefined) continue;
    slot.after.push(next);
    next.before.push(slot);
  }
}

function mean(slots: readonly Slot[], of: "rank" | "y"): number | undefined {
  if (slots.length === 0) return undefined;
  return slots.reduce((sum, slot) => sum + slot[of], 0) / slots.length;
}

/** Puts what stands in a layer near what it is connected with, so that few edges cross. */
function sortColumns(columns: readonly Slot[][]): void {
  const rank = (column: readonly Slot[]): void =>
    column.forEach((slot, i) => slot.rank = (i + 0.5) / column.length);
  columns.forEach(rank);
  for (let sweep = 0; sweep < SORT_SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? "before" : "after";
    for (const column of side === "before" ? columns : columns.toReversed()) {
      const wanted = new Map(
        column.map((slot) => [slot, mean(slot[side], "rank") ?? slot.rank]),
      );
      column.sort((a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0));
      rank(column);
    }
  }
}

/** Gives every layer a column, in which all stand as near to the height of their neighbours as there is room. */
function align(columns: readonly Slot[][]): (column: number) => number {
  for (const column of columns) spread(column, column.map(() => 0));
  for (let sweep = 0; sweep < ALIGN_SWEEPS; sweep++) {
    const side = sweep % 2 === 0 ? "before" : "after";
    for (const column of side === "before" ? columns : columns.toReversed()) {
      spread(column, column.map((slot) => mean(slot[side], "y") ?? slot.y));
    }
  }
  const top = columns.flat().reduce(
    (least, { y, height }) => Math.min(least, y - height / 2),
    Infinity,
  );
  for (const slot of columns.flat()) slot.y -= top;
  return (column) =>
    NODE_SIZE.width / 2 + column * (NODE_SIZE.width + GAP.across);
}

/** Brings a column as near to the wanted heights as its order and its room allow: halfway between pushing down and up. */
function spread(column: readonly Slot[], wanted: readonly number[]): void {
  const room = (i: number): number =>
    ((column[i - 1]?.height ?? 0) + (column[i]?.height ?? 0)) / 2;
  const down: number[] = [];
  column.forEach((_, i) => {
    const least = i === 0 ? -Infinity : (down[i - 1] ?? 0) + room(i);
    down.push(Math.max(wanted[i] ?? 0, least));
  });
  let next = Infinity;
  for (let i = column.length - 1; i >= 0; i--) {
    const slot = column[i];
    const up = Math.min(wanted[i] ?? 0, next);
    next = up - room(i);
    if (slot !== undefined) slot.y = ((down[i] ?? 0) + up) / 2;
  }
}

/** Folds layers that are too high into several columns. */
function fold(
  columns: readonly Slot[][],
): (column: number, place: number) => number {
  const most = Math.max(...columns.map(({ length }) => length));
  const height = Math.min(most, MOST_ROWS) * ROW_HEIGHT;
  const lefts: number[] = [];
  const rowsOf: number[] = [];
  let left = 0;
  for (const column of columns) {
    const folds = Math.max(1, Math.ceil(column.length / MOST_ROWS));
    const rows = Math.ceil(column.length / folds);
    const top = (height - rows * ROW_HEIGHT) / 2;
    column.forEach((slot, i) => slot.y = top + (i % rows + 0.5) * ROW_HEIGHT);
    lefts.push(left);
    rowsOf.push(rows);
    left += folds * (NODE_SIZE.width + GAP.between) - GAP.between + GAP.across;
  }
  return (column, place) =>
    (lefts[column] ?? 0) + NODE_SIZE.width / 2 +
    Math.floor(place / (rowsOf[column] ?? 1)) * (NODE_SIZE.width + GAP.between);
}
