/**
 * What runs used and produced, as edges.
 *
 * @module
 */

import type { Edge, EdgeEnd } from "../server/store/edges.ts";
import type { MirroredTree } from "../server/store/mirrored_tree.ts";
import type { NodeFacts } from "./read_facts.ts";

/** The alternative names of artifacts that a run names. */
type Links = Pick<NodeFacts, "inputs" | "outputs">;

/** Connects runs with the artifacts that they name, as soon as both are there. */
export class Lineage {
  readonly #tree: MirroredTree;
  readonly #artifacts = new Map<string, string>();
  readonly #runs = new Map<string, Links>();
  readonly #open = new Set<string>();

  /** @param tree Takes the edges. */
  constructor(tree: MirroredTree) {
    this.#tree = tree;
  }

  /**
   * Takes note of an artifact.
   *
   * @param id Its node.
   * @param name Its alternative name.
   */
  putArtifact(id: string, name: string): void {
    if (this.#artifacts.get(name) === id) return;
    this.#artifacts.set(name, id);
    for (const [run, { inputs, outputs }] of this.#runs) {
      if (inputs.includes(name) || outputs.includes(name)) this.#open.add(run);
    }
  }

  /**
   * Takes note of a run.
   *
   * @param id Its node.
   * @param links What it names.
   */
  putRun(id: string, { inputs, outputs }: Links): void {
    const isEmpty = inputs.length + outputs.length === 0;
    if (isEmpty && !this.#runs.has(id)) return;
    this.#runs.set(id, { inputs, outputs });
    this.#open.add(id);
  }

  /**
   * Forgets a node, whose edges go with it.
   *
   * @param id The node.
   * @param name Its alternative name.
   */
  remove(id: string, name: string): void {
    this.#runs.delete(id);
    this.#open.delete(id);
    if (this.#artifacts.get(name) === id) this.#artifacts.delete(name);
  }

  /** Makes the edges that are missing; part of a transaction of the caller's. */
  settle(): void {
    for (const id of this.#open) {
      const { inputs = [], outputs = [] } = this.#runs.get(id) ?? {};
      const run: EdgeEnd = { id, version: "" };
      const edges: Edge[] = [
        ...this.#ends(inputs).map((from) => ({ from, to: run })),
        ...this.#ends(outputs).map((to) => ({ from: run, to })),
      ];
      this.#tree.putEdges(id, edges);
    }
    this.#open.clear();
  }

  #ends(names: readonly string[]): EdgeEnd[] {
    return names.flatMap((name) => {
      const id = this.#artifacts.get(name);
      return id === undefined ? [] : [{ id, version: "" }];
    });
  }
}
