/** Whether a permission is granted; asks nobody, so that nothing is ever prompted for. */
export function granted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

/**
 * Reads an environment variable if that is allowed.
 *
 * @param name The variable.
 * @returns Its value; undefined if it is unset, empty, or may not be read.
 */
export function readEnv(name: string): string | undefined {
  return granted({ name: "env", variable: name })
    ? Deno.env.get(name) || undefined
    : undefined;
}

/** Where runs are recorded unless `EM_RUN_PARENT_DIR` says otherwise. */
const DEFAULT_RUN_PARENT_DIR = ".em/runs";

/**
 * The directory of all runs.
 *
 * @param leftOut Gets a line if a missing permission hides the environment variable.
 * @returns The directory, as it stands in the environment or relative to the working directory.
 */
export function runParentDir(leftOut: string[]): string {
  if (!granted({ name: "env", variable: "EM_RUN_PARENT_DIR" })) {
    leftOut.push(
      "the variable EM_RUN_PARENT_DIR (--allow-env=EM_RUN_PARENT_DIR)",
    );
  }
  return readEnv("EM_RUN_PARENT_DIR") ?? DEFAULT_RUN_PARENT_DIR;
}
