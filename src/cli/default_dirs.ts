import { parentDir } from "../local/permissions.ts";

/**
 * The directories of runs and of artifacts that are meant where none are named.
 *
 * @returns Both, as they stand in the environment or relative to the working directory.
 */
export function defaultDirs(): string[] {
  const leftOut: string[] = [];
  return [
    parentDir("EM_RUN_PARENT_DIR", { fallback: ".em/runs", leftOut }),
    parentDir("EM_ARTIFACT_PARENT_DIR", { fallback: ".em/artifacts", leftOut }),
  ];
}
