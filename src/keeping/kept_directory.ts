import { basename, join } from "@std/path";
import { decodeArtifactMetadata } from "../format/artifact_metadata.ts";
import {
  type ArtifactAssociation,
  decodeRunMetadata,
  type RunStatus,
} from "../format/metadata.ts";
import { decodeKind } from "../format/metadata_kind.ts";
import type { NamedKind } from "../format/names.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { readOwner } from "../local/owner.ts";
import { scanDirectory } from "../local/scan_directory.ts";
import { hostname } from "../run/platform_facts.ts";
import { type NodeState, stateOfRunning } from "../viewer/run_state.ts";

/** The directory of a run or an artifact, as it is on this machine. */
export interface KeptDirectory {
  /** Its absolute path. */
  readonly path: string;
  /** Which of the two it is. */
  readonly kind: NamedKind;
  /** The unique name, which is the directory's. */
  readonly alternativeName: string;
  /** What a run says of itself; undefined for an artifact. */
  readonly status: RunStatus | undefined;
  /** Whether it goes on. Nothing is written to find that out. */
  readonly life: NodeState;
  /** The process that writes it, while one does. */
  readonly pid: number | undefined;
  /** When it was made, RFC 3339. */
  readonly created: string;
  /** When something was written last, in milliseconds since 1970. */
  readonly lastMs: number;
  /** How long its files are together, in bytes. */
  readonly bytes: number;
  /** Its uploads and downloads. */
  readonly remote: readonly RemoteRecord[];
  /** The artifacts that it used and produced. */
  readonly artifacts: readonly ArtifactAssociation[];
}

/**
 * Looks at the directory of a run or an artifact, and changes nothing.
 *
 * @param path Its absolute path.
 * @returns What it is.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export async function readKept(path: string): Promise<KeptDirectory> {
  // Metadata are written before the process lets go of the run.
  const owner = readOwner(path);
  const file = join(path, METADATA_FILE);
  const text = await Deno.readTextFile(file);
  const files = [...(await scanDirectory(path)).values()];
  const lastMs = files.reduce((ms, { mtimeMs }) => Math.max(ms, mtimeMs), 0);
  const common = {
    path,
    alternativeName: basename(path),
    lastMs,
    bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    pid: owner?.alive ? owner.pid : undefined,
  };
  if (decodeKind(text, file) === "Artifact") {
    const { createdTimestamp: created, remote } = decodeArtifactMetadata(
      text,
      file,
    );
    return {
      ...common,
      kind: "Artifact",
      status: undefined,
      life: "done",
      created,
      remote,
      artifacts: [],
    };
  }
  const run = decodeRunMetadata(text, file);
  const { input, output } = run.associations;
  const signs = { owner, lastMs, nowMs: Date.now(), hostname: hostname() };
  const isOver = run.status !== "Running" && owner?.alive !== true;
  return {
    ...common,
    kind: "Run",
    status: run.status,
    life: isOver ? "done" : stateOfRunning(signs),
    created: run.startTimestamp,
    remote: run.remote,
    artifacts: [...input, ...output].filter((one) => one.kind === "Artifact"),
  };
}
