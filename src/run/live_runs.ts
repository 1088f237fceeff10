import type { Run } from "./run.ts";

const live = new Set<Run<object>>();

/**
 * Remembers a run until it is finished.
 *
 * @param run The run.
 * @returns Forgets it.
 */
export function rememberLive(run: Run<object>): () => void {
  live.add(run);
  return () => void live.delete(run);
}

/**
 * The runs of this process that were created or loaded and have not been finished, oldest first: for a notebook whose
 * variable for one was given to another.
 *
 * @returns The runs.
 *
 * @example
 * ```ts
 * import { liveRuns } from "@t9k/em";
 *
 * for (const run of liveRuns()) await run.finish({ status: "Error" });
 * ```
 */
export function liveRuns(): Run<object>[] {
  return [...live];
}
