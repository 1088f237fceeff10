import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import type { OwnMap } from "../run/hparam_values.ts";

/** One record of a run that comes from elsewhere. */
export interface ImportedRecord {
  /** The metric type. */
  readonly type: string;
  /** The values by name. */
  readonly values: Readonly<Record<string, number>>;
  /** The step, a finite number. */
  readonly step: number;
  /** The epoch. Default: none. */
  readonly epoch?: number | null;
  /** When it was recorded, in milliseconds since 1970-01-01T00:00:00Z, with a fraction. */
  readonly timeMs: number;
}

/** What is known of a run that comes from elsewhere once all of it was read. */
export interface ImportedEnd {
  /** When it ended, in milliseconds since 1970-01-01T00:00:00Z. Default: when the last record was made. */
  readonly endMs?: number | undefined;
  /** Whether it came to its end. */
  readonly status: "Complete" | "Error";
  /** The hyperparameters. */
  readonly hparams: OwnMap;
  /** The labels, beside `imported`. Default: none. */
  readonly labels?: readonly string[] | undefined;
  /** The description. Default: where it was imported from. */
  readonly description?: string | undefined;
  /** What is known of the machine. */
  readonly platform?: Partial<PlatformFacts> | undefined;
  /** What is known of the repository. */
  readonly git?: Partial<GitFacts> | undefined;
}

/** What tells a run that comes from elsewhere from all others, and from what it was before. */
export interface SourceIdentity {
  /** The same each time the run is found, and for no other run. */
  readonly key: string;
  /**
   * Looks which version of it is there.
   *
   * @returns A text that is another one when the run has grown, or was changed.
   */
  readonly stamp: () => Promise<string>;
}

/** A run that comes from elsewhere. */
export interface ImportedRun {
  /** Where it comes from, for people. */
  readonly source: string;
  /** Its name there; it is made fit the rule for names. */
  readonly name: string;
  /** When it began, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly startMs: number;
  /** What tells it from all others, and from what it was. Default: it is imported anew each time. */
  readonly identity?: SourceIdentity;
  /**
   * Reads it.
   *
   * @param take Takes each record, in order.
   * @param takeLine Takes what it printed, with line ends.
   * @returns What is known of it then.
   */
  readonly read: (taker: ImportTaker) => Promise<ImportedEnd>;
}

/** Takes what is read of a run. */
export interface ImportTaker {
  /** Takes a record. */
  readonly record: (record: ImportedRecord) => void;
  /** Takes a piece of what the run printed. */
  readonly output: (text: string) => void;
  /** Takes a sentence on something that cannot be taken over. */
  readonly note: (message: string) => void;
}

/** The label of every imported run. */
export const IMPORTED_LABEL = "imported";

/**
 * A run that cannot be read: it fails when it is written, and others go on.
 *
 * @param source Where it would come from.
 * @param error Why it cannot be read.
 * @returns The run.
 */
export function unreadableRun(source: string, error: Error): ImportedRun {
  return {
    source,
    name: IMPORTED_LABEL,
    startMs: 0,
    read: () => Promise.reject(error),
  };
}
