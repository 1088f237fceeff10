import { safeText } from "../safe_text.ts";
import type { HparamsMethods } from "./hparams.ts";

/** What is said of a run. */
export interface InspectedRun {
  /** The name. */
  readonly name: string;
  /** The status. */
  readonly status: string;
  /** The run directory. */
  readonly local: string;
  /** The labels. */
  readonly labels: readonly string[];
  /** The hyperparameters. */
  readonly hparams: HparamsMethods;
}

/**
 * Describes a run in a few lines.
 *
 * @param run The run.
 * @param inspect Makes a text of a value.
 * @returns The lines.
 */
export function inspectRun(
  { name, status, local, labels, hparams }: InspectedRun,
  inspect: (value: unknown) => string,
): string {
  const values = hparams.toDict();
  const safe = (text: string) => inspect(safeText(text));
  return [
    `Run ${safe(name)} ${safeText(status)} in ${safe(local)}`,
    ...labels.length > 0 ? [`labels: ${inspect(labels.map(safeText))}`] : [],
    ...Object.keys(values).length > 0 ? [`hparams: ${inspect(values)}`] : [],
  ].join("\n  ");
}
