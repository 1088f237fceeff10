/**
 * Whether a run goes on.
 *
 * @module
 */

import { isOsError } from "../local/os_error.ts";
import { stateDir } from "../local/layout.ts";
import { type OwnerState, QUIET_MS, readOwner } from "../local/owner.ts";
import { granted } from "../local/permissions.ts";

/**
 * How a node changes. `live`: it is being written. `quiet`: it says so, but nothing was written for long. `killed`: its
 * process ended without a word. `done`: it says that it is over.
 */
export type NodeState = "live" | "quiet" | "killed" | "done";

/** What tells whether a run goes on. */
export interface RunSigns {
  /** Who writes the run directory, as it was before the metadata were read: they are written before that ends. */
  readonly owner: OwnerState | undefined;
  /** When something was written last, in milliseconds since 1970. */
  readonly lastMs: number;
  /** Now, in the same. */
  readonly nowMs: number;
  /** This machine's name, or null if it may not be known. */
  readonly hostname: string | null;
}

/**
 * Finds out whether a run that says `Running` goes on, by the same signs as `em sync`. Only of a process of this machine it
 * is certain that it is gone.
 *
 * @param signs What tells it.
 * @returns How it is.
 */
export function stateOfRunning(signs: RunSigns): NodeState {
  const { owner, lastMs, nowMs, hostname } = signs;
  if (owner?.alive) return "live";
  const isHere = owner !== undefined && owner.hostname !== null &&
    owner.hostname === hostname;
  if (isHere) return "killed";
  return nowMs - lastMs >= QUIET_MS ? "quiet" : "live";
}

/**
 * Who writes a run directory, as far as that may be known.
 *
 * @param dir The run directory.
 * @param rank The rank, if who writes as such is wanted. Default: the main process.
 * @returns The owner, or undefined.
 */
export function ownerOf(dir: string, rank?: number): OwnerState | undefined {
  const path = stateDir(dir);
  if (!granted({ name: "read", path })) return undefined;
  try {
    return readOwner(dir, rank);
  } catch (error) {
    if (isOsError(error)) return undefined;
    throw error;
  }
}
