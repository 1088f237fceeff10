import { join } from "@std/path";

/** Reads an environment variable; undefined if it is not set. */
export type ReadEnv = (name: string) => string | undefined;

/** Environment variables, read without ever prompting. */
export interface Environment {
  /** Reads a variable; undefined if it is unset, empty, or may not be read. */
  readonly get: ReadEnv;
  /** The variables that were asked for and may not be read. */
  readonly refused: readonly string[];
}

/**
 * Wraps the environment so that a missing permission counts as an unset variable and is remembered.
 *
 * @param read Reads a variable instead of the real environment; no permission is looked at then.
 * @returns The environment.
 */
export function openEnvironment(read?: ReadEnv): Environment {
  const refused: string[] = [];
  return {
    refused,
    get(name) {
      if (read !== undefined) return read(name) || undefined;
      const query = { name: "env", variable: name } as const;
      if (Deno.permissions.querySync(query).state !== "granted") {
        refused.push(name);
        return undefined;
      }
      return Deno.env.get(name) || undefined;
    },
  };
}

/** The default place of the config file, for messages. */
export const DEFAULT_PLACE = "~/.t9k/t9k-config.yaml";

/** The variable that names the home directory. */
const HOME = Deno.build.os === "windows" ? "USERPROFILE" : "HOME";

/**
 * Finds the t9k config file: the environment variable `T9K_CONFIG`, in which a leading `~` stands for the home
 * directory, else `~/.t9k/t9k-config.yaml`.
 *
 * @param environment Where `T9K_CONFIG` and `HOME` (`USERPROFILE` on Windows) are read.
 * @returns The file's path; undefined if the home directory is needed and not known.
 */
export function findT9kConfig(environment: Environment): string | undefined {
  const place = environment.get("T9K_CONFIG") ?? DEFAULT_PLACE;
  if (!/^~(?:[/\\]|$)/.test(place)) return place;
  const home = environment.get(HOME);
  return home === undefined ? undefined : join(home, place.slice(1));
}
