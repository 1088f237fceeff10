import type { Attempt } from "./attempts.ts";
import type { RunMetadata } from "./metadata.ts";

/**
 * The first attempt at a run, which no document lists while there is no other.
 *
 * @param metadata The run's metadata.
 * @param process The process that made the run, as far as it is known.
 * @returns The attempt, which stands as the run does.
 */
export function firstAttempt(
  { startTimestamp, endTimestamp, status }: RunMetadata,
  { pid, hostname }: Pick<Attempt, "pid" | "hostname">,
): Attempt {
  return {
    attempt: 1,
    startTimestamp,
    endTimestamp,
    status,
    pid,
    hostname,
    resumes: false,
    files: {},
  };
}
