import { basename, dirname, join } from "@std/path";

/** The documents of a run directory, in the order in which they are made. */
export const RUN_FILES = {
  metadata: "metadata.yaml",
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

/**
 * The directory that holds what this machine must remember of a run and what is never uploaded: which process writes
 * it, where it is to be delivered, temporary files. It lies next to the run directory, on the same file system, under
 * a name that neither SDK takes for a run.
 *
 * @param runDir The run directory.
 * @returns `<parent>/.state/<alternative name>`.
 */
export function stateDir(runDir: string): string {
  return join(dirname(runDir), ".state", basename(runDir));
}
