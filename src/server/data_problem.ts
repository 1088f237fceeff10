/**
 * What can be wrong with a data folder.
 *
 * @module
 */

/** The ways in which a data folder can be wrong. */
export type DataProblemKind =
  /** SQLite finds the database damaged. */
  | "database"
  /** A row refers to one that is not there. */
  | "reference"
  /** An object's length is not that of its files. */
  | "length"
  /** A file is not there. */
  | "missing"
  /** A file is shorter than what counts of it. */
  | "short"
  /** The content of an object is not what was sent. */
  | "checksum"
  /** A file has more than what counts of it: an append was broken off. */
  | "overlong"
  /** Nothing refers to a file. */
  | "stray";

/** Something that is wrong with a data folder. */
export interface DataProblem {
  /** In which way. */
  readonly kind: DataProblemKind;
  /** What is concerned: a path below the data folder, the path of an object, or a table. */
  readonly what: string;
  /** What is wrong with it. */
  readonly detail: string;
  /** Whose bytes are concerned, such as `/demo/run/metrics/train.yaml`. */
  readonly objects?: readonly string[];
  /** What was done about it, if something was. */
  readonly repair?: string;
}

/** The result of a check. */
export interface DataReport {
  /** Objects that were looked at. */
  readonly objects: number;
  /** Files that were looked at. */
  readonly files: number;
  /** What counts of them, in bytes. */
  readonly bytes: number;
  /** Whether a server was running meanwhile: then what may just be under way was passed over. */
  readonly isServed: boolean;
  /** What is wrong. */
  readonly problems: readonly DataProblem[];
}
