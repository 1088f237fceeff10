import type { OwnerState } from "../local/owner.ts";
import { ranksIn } from "../local/rank_files.ts";
import { ownerOf } from "../viewer/run_state.ts";

/**
 * Finds a process that writes a run directory as one of its ranks: it may outlive the process that has the run.
 *
 * @param dir The run directory.
 * @returns The process, or undefined if there is none.
 */
export function liveRank(dir: string): OwnerState | undefined {
  for (const rank of ranksIn(dir)) {
    const owner = ownerOf(dir, rank);
    if (owner?.alive) return owner;
  }
  return undefined;
}
