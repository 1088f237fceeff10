import { basename, dirname, join } from "@std/path";

/** What makes a directory that of a run or an artifact. */
export const METADATA_FILE = "metadata.yaml";

/** The document of an artifact that names its references; missing while there are none. */
export const REFERENCES_FILE = "references.yaml";

/** The documents of a run directory, in the order in which they are made. */
export const RUN_FILES = {
  metadata: METADATA_FILE,
  index: "index.yaml",
  hyperparameters: "hyperparameters.yaml",
  platform: "platform.yaml",
  git: "git.yaml",
  log: "stdout.log",
} as const;

/** The directory of the metric files within a run directory. */
export const METRICS_DIR = "metrics";

/**
 * The path of a metric type's file within its run directory.
 *
 * @param type The metric type, already folded and checked.
 * @returns A relative path with `/`, such as `metrics/train.yaml`.
 */
export function metricFile(type: string): string {
  return `${METRICS_DIR}/${type}.yaml`;
}

/** The directory, beside those of runs or artifacts, for what this machine must remember of them. */
export const STATE_DIR = ".state";

/**
 * The directory that holds what this machine must remember of a run or an artifact and what is never uploaded: which
 * process writes it, where it is to be delivered, temporary files. It lies next to the directory, on the same file
 * system, under a name that neither SDK takes for a run or an artifact.
 *
 * @param dir The directory of the run or artifact.
 * @returns `<parent>/.state/<alternative name>`.
 */
export function stateDir(dir: string): string {
  return join(dirname(dir), STATE_DIR, basename(dir));
}
