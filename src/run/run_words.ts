import type { RunStatus } from "../format/metadata.ts";
import type { FinishOptions } from "./run_types.ts";

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

/**
 * Says that a run that is over runs no command.
 *
 * @param run The run.
 * @returns The sentence.
 */
export function overForCommand({ name }: Pick<NamedRun, "name">): string {
  return `Cannot run a command in run "${name}": it is over; do so before finish(), or continue it with loadRun`;
}

/**
 * Checks the status that a run is to end with, and fills in the default.
 *
 * @param options What the user passed in.
 * @returns The status.
 * @throws {RangeError} If it is none that a run can end with.
 */
export function checkStatus(options: FinishOptions): "Complete" | "Error" {
  const { status = "Complete" } = options;
  if (status !== "Complete" && status !== "Error") {
    throw new RangeError(
      `Option status must be "Complete" or "Error", and is ${
        Deno.inspect(status)
      }`,
    );
  }
  return status;
}
