/**
 * The nodes that a person has ticked, in whatever folder: they are kept for as long as the browser's tab is.
 *
 * @module
 */

import { effect, signal } from "@preact/signals";
import type { Node } from "../api/types.ts";

/** A node that is ticked. */
export type Picked = Pick<Node, "id" | "name" | "path" | "type">;

/** So many may be ticked. */
export const MAX_PICKED = 1000;

const KEY = "em.picked";

/** The nodes that are ticked, by their ids. */
export const picked = signal<ReadonlyMap<string, Picked>>(read());

effect(() => {
  const text = JSON.stringify([...picked.value.values()]);
  try {
    sessionStorage.setItem(KEY, text);
  } catch {
    // They are then known on this page only.
  }
});

/** Ticks nodes, or takes their ticks away. */
export function pick(nodes: readonly Picked[], isPicked: boolean): void {
  const next = new Map(picked.value);
  for (const { id, name, path, type } of nodes) {
    if (!isPicked) next.delete(id);
    else if (next.size < MAX_PICKED) next.set(id, { id, name, path, type });
  }
  picked.value = next;
}

/** Whether something of this type can be compared. */
export function isComparable(type: string): boolean {
  return type === "Run" || type === "AutoTune";
}

function read(): Map<string, Picked> {
  try {
    const list: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(list)) return new Map();
    return new Map(list.filter(isPickedNode).map((each) => [each.id, each]));
  } catch {
    // A browser may refuse storage, and anything may stand in it.
    return new Map();
  }
}

function isPickedNode(value: unknown): value is Picked {
  const node = value as Partial<Picked> | null;
  return [node?.id, node?.name, node?.path, node?.type]
    .every((text) => typeof text === "string");
}
