import { PermissionError } from "../errors.ts";
import type { Reporter } from "../reporter.ts";

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

/** Which directory {@linkcode parentDir} is to find. */
export interface ParentDirOptions {
  /** Where it is unless the variable says otherwise. */
  readonly fallback: string;
  /** Gets a line if a missing permission hides the variable. */
  readonly leftOut: string[];
}

/**
 * The directory of all runs, or of all artifacts.
 *
 * @param variable The environment variable that names it.
 * @param options What goes without the variable.
 * @returns The directory, as it stands in the environment or relative to the working directory.
 */
export function parentDir(variable: string, options: ParentDirOptions): string {
  if (!granted({ name: "env", variable })) {
    options.leftOut.push(`the variable ${variable} (--allow-env=${variable})`);
  }
  return readEnv(variable) ?? options.fallback;
}

/**
 * Says what missing permissions have hidden; nothing if there is nothing to say.
 *
 * @param reporter Told of it, once.
 * @param leftOut What is left out, with the flags.
 */
export function warnLeftOut(
  reporter: Reporter,
  leftOut: readonly string[],
): void {
  if (leftOut.length === 0) return;
  const all = leftOut.join(", ");
  reporter.warn(`left out ${all}`, `Left out for want of a permission: ${all}`);
}

/** What {@linkcode requireAccess} is to make sure of. */
export interface AccessOptions {
  /** What is to be done to the path. */
  readonly names: readonly ("read" | "write")[];
  /** What the path is, for the message, such as `the directory of runs`. */
  readonly what: string;
}

/**
 * Makes sure that a path may be used, without ever prompting.
 *
 * @param path The path.
 * @param options What is to be done to it.
 * @throws {PermissionError} If a permission is missing; the message names the flag.
 */
export function requireAccess(path: string, options: AccessOptions): void {
  for (const name of options.names) {
    if (!granted({ name, path })) {
      throw new PermissionError(
        `${name} ${options.what} "${path}"`,
        `--allow-${name}=${path}`,
      );
    }
  }
}
