/**
 * A dataflow graph, and where its nodes are.
 *
 * @module
 */

import type { Component, Node } from "../../api/types.ts";

/** The shape that stands for a type of node. */
export type FlowShape = "run" | "artifact" | "other";

/** The shape of a type of node. */
export function shapeOf(type: string): FlowShape {
  switch (type) {
    case "Run":
    case "AutoTune":
      return "run";
    case "Artifact":
    case "Model":
    case "Dataset":
      return "artifact";
    default:
      return "other";
  }
}

/** The id of the node itself: that of a branch, tag or commit goes on after a colon. */
export function plainId(id: string): string {
  return id.split(":")[0] ?? id;
}

/** Nodes from which data goes into a node, and into which its data goes. */
export function neighbours(
  { nodes, edges }: Pick<Component, "nodes" | "edges">,
  id: string,
): { readonly inputs: readonly Node[]; readonly outputs: readonly Node[] } {
  const inputs = new Set(
    edges.filter(({ to }) => to === id).map(({ from }) => from),
  );
  const outputs = new Set(
    edges.filter(({ from }) => from === id).map(({ to }) => to),
  );
  return {
    inputs: nodes.filter((node) => inputs.has(node.id)),
    outputs: nodes.filter((node) => outputs.has(node.id)),
  };
}

/** How much room a node takes, its name included. */
export const NODE_SIZE = { width: 136, height: 68 } as const;

/** A point of a drawing. */
export interface FlowPoint {
  readonly x: number;
  readonly y: number;
}

/** Where everything is. Nodes are placed by their middle. */
export interface FlowLayout {
  readonly width: number;
  readonly height: number;
  readonly places: ReadonlyMap<string, FlowPoint>;
  /** The points of each edge, in the order of the edges; those in the middle lead around other nodes. */
  readonly routes: readonly (readonly FlowPoint[])[];
}
