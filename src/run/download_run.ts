import {
  bringNode,
  type BroughtNode,
  downloadDir,
} from "../download/bring_node.ts";
import { fetchArtifacts } from "../download/fetch_artifacts.ts";
import { findNode } from "../download/find_node.ts";
import type { Reporter } from "../reporter.ts";

/** How {@linkcode downloadRun} works. */
export interface DownloadRunOptions {
  /** Whether the artifacts that the run used and produced come too. */
  readonly fetchArtifacts: boolean;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
  /** Gets a line for what a missing permission hides. */
  readonly leftOut: string[];
  /** Ends the download. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Brings a run from the server into the directory of runs, unless it is there.
 *
 * @param path The run's path on the server; a relative one is below the user's root.
 * @param options What else is wanted, and whom to tell what.
 * @returns Where it is.
 * @throws {NotFoundError} If there is no such run.
 * @throws {DownloadError} If it cannot be downloaded as it is.
 * @throws {EmError} If the server cannot be reached, or refuses.
 */
export async function downloadRun(
  path: string,
  options: DownloadRunOptions,
): Promise<BroughtNode> {
  const { reporter, leftOut, signal } = options;
  const run = await findNode(path, { type: "Run", signal });
  const into = (type: "Run" | "Artifact") => ({
    into: downloadDir(type, leftOut),
    reporter,
    signal,
  });
  const brought = await bringNode(run, into("Run"));
  if (options.fetchArtifacts) await fetchArtifacts(run, into("Artifact"));
  return brought;
}
