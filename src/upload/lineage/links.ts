import type { AIStoreNode, GraphEdge } from "../../aistore/protocol.ts";
import { alternativeNameOf } from "../../aistore/alternative_name.ts";
import {
  type Association,
  type Associations,
  decodeAssociations,
} from "../../format/metadata.ts";
import {
  ArtifactDelivery,
  type ArtifactDeliveryOptions,
} from "./artifact_delivery.ts";
import { findArtifact } from "./artifact_source.ts";

/** Which end of the edge the run is not. */
export type Role = keyof Associations;

const CONCURRENCY = 2;

/** Something that a run used or produced, and what the server knows of it. */
export class Link {
  /** What it is to the run. */
  readonly role: Role;
  /** Its name: an artifact's alternative name, an asset's path. */
  readonly title: string;
  /** Whether the edge is on the server. */
  isConnected = false;
  /** Why there will be no edge. */
  refusal: string | undefined;
  readonly #association: Association;
  readonly #artifact: ArtifactDelivery | undefined;

  /**
   * @param role What it is to the run.
   * @param association What the run's metadata says of it.
   * @param artifact The artifact's delivery, if it is one and its directory is here.
   */
  constructor(
    role: Role,
    association: Association,
    artifact: ArtifactDelivery | undefined,
  ) {
    this.role = role;
    this.title = titleOf(association);
    this.#association = association;
    this.#artifact = artifact;
  }

  /** Whether nothing more is to be done. */
  get isSettled(): boolean {
    return (this.#artifact?.isSettled ?? true) &&
      (this.isConnected || this.refusal !== undefined);
  }

  /** Whether there is no edge yet, and all is known that can be. */
  get isReady(): boolean {
    if (this.isConnected || this.refusal !== undefined) return false;
    const artifact = this.#artifact;
    return artifact === undefined || artifact.nodeId !== undefined ||
      artifact.refusal !== undefined;
  }

  /** Why there is no edge, when there is no node. */
  get whyNot(): string {
    const association = this.#association;
    if (this.#artifact?.refusal !== undefined) {
      return `the artifact is not uploaded: ${this.#artifact.refusal}`;
    }
    const dir = association.kind === "Artifact" ? association.localDir : "";
    return `the artifact is not uploaded: its directory "${dir}" is not here`;
  }

  /**
   * The edge that is wanted.
   *
   * @param runId The id of the run's node.
   * @returns The edge, or undefined while there is no node at its other end.
   */
  edge(runId: string): GraphEdge | undefined {
    const association = this.#association;
    const id = association.kind === "Artifact"
      ? this.#artifact?.nodeId
      : association.id;
    if (id === undefined) return undefined;
    return this.role === "input"
      ? { from: id, to: runId }
      : { from: runId, to: id };
  }

  /**
   * Tells whether a neighbour of the run is this. An artifact that is not here is known by its alternative name.
   *
   * @param node The neighbour.
   * @param edge The edge that is wanted.
   * @returns Whether it is.
   */
  isTo(node: AIStoreNode, edge: GraphEdge | undefined): boolean {
    if (edge !== undefined) {
      return node.id === (this.role === "input" ? edge.from : edge.to);
    }
    return this.#association.kind === "Artifact" &&
      alternativeNameOf(node.extra) === this.#association.name;
  }
}

/** All that a run used and produced, and the artifacts among it on their way. */
export class Links {
  /** Every link once. */
  readonly all = new Map<string, Link>();
  /** The artifacts, by their directories. */
  readonly artifacts = new Map<string, ArtifactDelivery>();
  readonly #runDir: string;
  readonly #options: ArtifactDeliveryOptions;
  readonly #delivering = new Set<Promise<void>>();

  /**
   * @param runDir The absolute path of the run directory.
   * @param options Where artifacts go that are not on the server.
   */
  constructor(runDir: string, options: ArtifactDeliveryOptions) {
    this.#runDir = runDir;
    this.#options = options;
  }

  /** Whether nothing more is to be done. */
  get isSettled(): boolean {
    for (const link of this.all.values()) if (!link.isSettled) return false;
    return true;
  }

  /**
   * Takes up what a run's metadata names and is not known yet.
   *
   * @param text The content of `metadata.yaml`.
   * @param path Its path, for messages.
   * @throws {DamagedFileError} If it cannot be read.
   */
  read(text: string, path: string): void {
    const associations = decodeAssociations(text, path);
    for (const role of ["input", "output"] as const) {
      for (const association of associations[role]) {
        const key = `${role} ${association.kind} ${titleOf(association)}`;
        if (this.all.has(key)) continue;
        const artifact = this.#artifactOf(association);
        this.all.set(key, new Link(role, association, artifact));
      }
    }
  }

  /** Uploads artifacts, a few at a time. */
  deliver(): void {
    for (const artifact of this.artifacts.values()) {
      if (this.#delivering.size >= CONCURRENCY) return;
      if (!artifact.isOpen) continue;
      const delivery = artifact.deliver().finally(() => {
        this.#delivering.delete(delivery);
        this.#options.onChange();
      });
      this.#delivering.add(delivery);
    }
  }

  /** Ends the pauses of the artifacts that are under way: somebody waits. */
  hurry(): void {
    for (const artifact of this.artifacts.values()) artifact.hurry();
  }

  /** Finds out which artifacts have changed since they were delivered. */
  async lookAgain(): Promise<void> {
    for (const artifact of this.artifacts.values()) await artifact.lookAgain();
  }

  /** Waits until no artifact is under way. */
  async rest(): Promise<void> {
    await Promise.allSettled(this.#delivering);
  }

  #artifactOf(association: Association): ArtifactDelivery | undefined {
    if (association.kind !== "Artifact") return undefined;
    const dir = findArtifact(association, this.#runDir);
    if (dir === undefined) return undefined;
    let artifact = this.artifacts.get(dir);
    if (artifact === undefined) {
      artifact = new ArtifactDelivery(dir, this.#options);
      this.artifacts.set(dir, artifact);
    }
    return artifact;
  }
}

function titleOf(association: Association): string {
  return association.kind === "Artifact" ? association.name : association.path;
}
