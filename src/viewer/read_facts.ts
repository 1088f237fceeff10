/**
 * What the metadata of a run or an artifact say of its node.
 *
 * @module
 */

import { basename, dirname } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import {
  type Association,
  decodeRunMetadata,
  type RunMetadata,
} from "../format/metadata.ts";

/** What metadata say of a node. */
export interface NodeFacts {
  /** What it is. */
  readonly type: "Run" | "Artifact";
  /** The labels. */
  readonly labels: readonly string[];
  /** Free text. */
  readonly description: string;
  /** What clients keep with a node, and the name that the run or artifact was given. */
  readonly extra: string;
  /** The alternative names of the artifacts that a run used. */
  readonly inputs: readonly string[];
  /** And of those that it produced. */
  readonly outputs: readonly string[];
  /** The metadata of a run, where they can be read. */
  readonly run: RunMetadata | undefined;
}

/**
 * Reads what `metadata.yaml` says. Of what is damaged only the kind is taken; where even that is missing, the directory
 * above tells.
 *
 * @param text The document.
 * @param dir The directory that it is in.
 * @returns What it says.
 */
export function readFacts(text: string, dir: string): NodeFacts {
  const type = /^kind: *["']?(Run|Artifact)\b/m.exec(text)?.[1] ??
    (basename(dirname(dir)) === "artifacts" ? "Artifact" : "Run");
  try {
    if (type === "Artifact") {
      const { name, labels, description } = decodeArtifactMetadata(text);
      const extra = extraOf(dir, name);
      return { ...BARE, type, labels, description, extra };
    }
    const run = decodeRunMetadata(text);
    const { name, labels, description, associations } = run;
    return {
      type: "Run",
      labels,
      description,
      extra: extraOf(dir, name),
      inputs: artifactsIn(associations.input),
      outputs: artifactsIn(associations.output),
      run,
    };
  } catch (error) {
    if (!(error instanceof DamagedFileError)) throw error;
    const isArtifact = type === "Artifact";
    return {
      ...BARE,
      type: isArtifact ? "Artifact" : "Run",
      extra: extraOf(dir),
    };
  }
}

const BARE = {
  labels: [],
  description: "",
  inputs: [],
  outputs: [],
  run: undefined,
} as const;

function extraOf(dir: string, name?: string): string {
  return JSON.stringify({ alternativeName: basename(dir), name });
}

function artifactsIn(associations: readonly Association[]): string[] {
  return associations.flatMap((association) =>
    association.kind === "Artifact" ? [association.name] : []
  );
}
