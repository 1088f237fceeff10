/**
 * What was read of the objects of runs.
 *
 * @module
 */

import { ATTEMPTS_FILE } from "../../format/attempts.ts";
import { readMetricKey, shownType } from "../../format/metric_key.ts";

/** An object as it is now. */
export interface SourceObject {
  /** The first of its files, by which it is told from another that replaces it. */
  readonly file: string;
  /** Its length in bytes. */
  readonly size: number;
  /** MD5 of its content. */
  readonly md5: string;
}

/** What is wrong with an object. */
export interface SourceProblem {
  /** The line to blame, counted from 1, where it is known. */
  readonly line?: number;
  /** What is wrong. */
  readonly message: string;
}

/** How far a metrics file is read. */
export interface MetricsSource {
  /** Another number whenever the points were read anew from the beginning. */
  readonly generation: number;
  /** Up to which byte it is read. */
  readonly parsed: number;
  /** Which records were left out, because later attempts at the run replace them. */
  readonly rewind: string;
  /** How many records were found. */
  readonly records: number;
  /** Whether it ends in a record that is cut off. */
  readonly torn: boolean;
  /** The first damage that was found. */
  readonly problem: SourceProblem | undefined;
}

/** What a source is of. */
export type SourceKind =
  | "metrics"
  | "metadata"
  | "hyperparameters"
  | "platform"
  | "git"
  | "index"
  | "attempts";

const DOCUMENTS: ReadonlyMap<string, SourceKind> = new Map([
  ["metadata.yaml", "metadata"],
  ["hyperparameters.yaml", "hyperparameters"],
  ["platform.yaml", "platform"],
  ["git.yaml", "git"],
  ["index.yaml", "index"],
  [ATTEMPTS_FILE, "attempts"],
]);

/**
 * What an object of a run is to the index.
 *
 * @param key The object's key.
 * @returns What it is of; undefined for an object that is not indexed.
 */
export function sourceKind(key: string): SourceKind | undefined {
  return readMetricKey(key) === undefined ? DOCUMENTS.get(key) : "metrics";
}

/**
 * The type of a metrics file.
 *
 * @param key The object's key.
 * @returns Such as `train`; of a rank's file `train@rank1`.
 */
export function metricType(key: string): string {
  const name = readMetricKey(key);
  return name === undefined ? key : shownType(name);
}

const RANK = "substr(key, 7, instr(substr(key, 7), '/') - 1)";

/** Metrics files, as a condition on the SQL column `key`. */
export const IS_METRICS = `((key > 'metrics/' AND key < 'metrics0'
    AND key LIKE '%.yaml' AND instr(substr(key, 9), '/') = 0)
  OR (key > 'ranks/' AND key < 'ranks0' AND key GLOB 'ranks/*/metrics/?*.yaml'
    AND length(key) - length(replace(key, '/', '')) = 3
    AND ${RANK} NOT GLOB '*[^0-9]*' AND length(${RANK}) BETWEEN 1 AND 7
    AND (${RANK} = '0' OR ${RANK} NOT GLOB '0*')))`;

/** The objects that are indexed, as a condition on the SQL column `key`. */
export const IS_SOURCE = `(key IN (${
  [...DOCUMENTS.keys()].map((key) => `'${key}'`).join(", ")
}) OR ${IS_METRICS})`;
