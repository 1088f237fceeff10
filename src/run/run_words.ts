import type { RunStatus } from "../format/metadata.ts";

/** A run as far as the sentences speak of it. */
export interface NamedRun {
  /** Its name. */
  readonly name: string;
  /** Its directory. */
  readonly local: string;
}

/**
 * Says that a run is recorded to although it is over.
 *
 * @param run The run.
 * @returns The sentence.
 */
export function recordedLate({ name, local }: NamedRun): string {
  return `Run "${name}" was recorded to after finish(): that is kept in "${local}", ` +
    `but only a new upload takes it to the server`;
}

/**
 * Says that the disk has refused the status of a run whose process ends.
 *
 * @param run The run.
 * @param status The status.
 * @param error Why.
 * @returns The sentence.
 */
export function statusNotSaved(
  { name }: NamedRun,
  status: RunStatus,
  error: unknown,
): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `Cannot note that run "${name}" has ended with status "${status}": ${reason}`;
}
