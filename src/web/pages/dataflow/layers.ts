/**
 * The layers of a graph, from left to right.
 *
 * @module
 */

import type { Component } from "../../api/types.ts";

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
