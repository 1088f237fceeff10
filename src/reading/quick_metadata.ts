/**
 * What a table says of a run or an artifact, read from its metadata in a fraction of the time that reading all of them
 * takes.
 *
 * @module
 */

import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import { decodeRunMetadata } from "../format/metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import { resolvePlain } from "../format/yaml_scalars.ts";
import { refuseBombs } from "./refuse_bombs.ts";

/** What a table says of a run or an artifact. */
export interface QuickMetadata {
  /** What it is. */
  readonly kind: "Run" | "Artifact";
  /** The name. */
  readonly name: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The status of a run; null for an artifact. */
  readonly status: string | null;
  /** When the run was created, or the artifact: RFC 3339. */
  readonly started: string;
  /** When the run ended; null while it runs, and for an artifact. */
  readonly ended: string | null;
}

/**
 * Reads `metadata.yaml`.
 *
 * @param text The document.
 * @param path The file, for the message.
 * @returns What it says.
 * @throws {DamagedFileError} If it is no metadata of a run or an artifact.
 */
export function readQuickMetadata(text: string, path: string): QuickMetadata {
  return glance(text) ?? readWhole(refuseBombs(text, path), path);
}

function readWhole(text: string, path: string): QuickMetadata {
  if (decodeKind(text, path) === "Artifact") {
    const { kind, name, labels, createdTimestamp } = decodeArtifactMetadata(
      text,
      path,
    );
    return {
      kind,
      name,
      labels,
      status: null,
      started: createdTimestamp,
      ended: null,
    };
  }
  const { kind, name, labels, status, startTimestamp, endTimestamp } =
    decodeRunMetadata(text, path);
  return {
    kind,
    name,
    labels,
    status,
    started: startTimestamp,
    ended: endTimestamp,
  };
}

/** A value at the top that stands on its line alone, plain or in simple quotes. */
const LINE =
  /^(kind|name|status|startTimestamp|endTimestamp|createdTimestamp): (?:'([^'\n]*)'|([A-Za-z0-9_.:+-]+))\n(?! )/gm;
const LABELS = /^labels:(?: \[\]\n|((?:\n- [A-Za-z0-9_.+-]+)+)\n)(?=[a-zA-Z])/m;

/** Reads what both SDKs write as a rule; undefined where it is written in any other way. */
function glance(text: string): QuickMetadata | undefined {
  const found: Record<string, string | null> = {};
  for (const [, key = "", quoted, plain = ""] of text.matchAll(LINE)) {
    if (Object.hasOwn(found, key)) return undefined;
    const value = quoted ?? resolvePlain(plain);
    if (value !== null && typeof value !== "string") return undefined;
    found[key] = value;
  }
  const labels = LABELS.exec(text);
  if (labels === null) return undefined;
  const list = (labels[1] ?? "").split("\n- ").slice(1);
  if (list.some((label) => typeof resolvePlain(label) !== "string")) {
    return undefined;
  }
  const { kind, name, status, startTimestamp, endTimestamp, createdTimestamp } =
    found;
  if (!name) return undefined;
  if (kind === "Artifact" && createdTimestamp) {
    return {
      kind,
      name,
      labels: list,
      status: null,
      started: createdTimestamp,
      ended: null,
    };
  }
  const isStatus = status === "Running" || status === "Complete" ||
    status === "Error";
  if (
    kind !== "Run" || !startTimestamp || endTimestamp === undefined || !isStatus
  ) return undefined;
  return {
    kind,
    name,
    labels: list,
    status,
    started: startTimestamp,
    ended: endTimestamp,
  };
}
