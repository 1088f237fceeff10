import { readEnv } from "../local/permissions.ts";

/** The variables in which launchers say which process this is. */
const RANK_VARIABLES = [
  "RANK",
  "SLURM_PROCID",
  "OMPI_COMM_WORLD_RANK",
  "PMI_RANK",
] as const;

/** The greatest rank. */
const MAX_RANK = 9_999_999;

/**
 * Finds the run directory that a process belongs to.
 *
 * @param dir The directory, if it was named.
 * @returns The directory.
 * @throws {TypeError} If it is no text, or was not named and the environment does not say it, or may not be read.
 */
export function findRunDir(dir: unknown): string {
  if (dir !== undefined && (typeof dir !== "string" || dir === "")) {
    throw new TypeError(
      `Cannot join a run: its directory must be a text, and is ${
        Deno.inspect(dir)
      }`,
    );
  }
  const found = dir ?? readEnv("EM_RUN_DIR");
  if (found !== undefined) return found;
  throw new TypeError(
    "Cannot join a run: pass its directory, or set the variable EM_RUN_DIR and allow it with --allow-env=EM_RUN_DIR",
  );
}

/**
 * Finds out as which rank a process joins a run.
 *
 * @param rank The rank, if it was given.
 * @returns The rank.
 * @throws {TypeError} If it was not given, and the environment does not say it, or may not be read.
 * @throws {RangeError} If it is no whole number from 0 on.
 */
export function findRank(rank: unknown): number {
  if (rank !== undefined) return checkRank(rank, "Option rank");
  for (const variable of RANK_VARIABLES) {
    const value = readEnv(variable);
    if (value === undefined) continue;
    return checkRank(
      /^\d+$/.test(value) ? Number(value) : value,
      `The variable ${variable}`,
    );
  }
  throw new TypeError(
    `Cannot join a run: pass { rank }, or set one of the variables ${
      RANK_VARIABLES.join(", ")
    } and allow it, for example with --allow-env=RANK`,
  );
}

/**
 * Checks a rank.
 *
 * @param rank The rank.
 * @param what Where it stands, for the message.
 * @returns The rank.
 * @throws {RangeError} If it is no whole number from 0 on.
 */
export function checkRank(rank: unknown, what: string): number {
  const isRank = Number.isInteger(rank) && Number(rank) >= 0 &&
    Number(rank) <= MAX_RANK;
  if (isRank) return Number(rank);
  throw new RangeError(
    `${what} must be a whole number from 0 to ${MAX_RANK}, and is ${
      Deno.inspect(rank)
    }`,
  );
}
