import {
  requireBoolean,
  requireObject,
  requireString,
} from "../../format/option_checks.ts";
import type { ConflictStrategy } from "../types.ts";

/**
 * Where a run or an artifact goes on the server. What was uploaded before goes to the same place again: then the default of
 * each option is what it was the last time, unless another folder is given.
 */
export interface UploadOptions {
  /**
   * The folder on the server: relative to the user's own root, or absolute such as `/demo/cv`. Default: `"default"`.
   */
  readonly folder?: string;
  /** Whether a folder that does not exist is made. The folder `default` always is. Default: false. */
  readonly makeFolder?: boolean;
  /**
   * What to do when the folder holds another node of the same name. `"new"` uploads under the alternative name, `"skip"`
   * uploads nothing, `"error"` is a {@linkcode NodeExistsError}, `"replace"` deletes the other node first (never one of
   * another type). Default: `"new"`.
   */
  readonly conflictStrategy?: ConflictStrategy;
}

/** Upload options, checked, with the defaults filled in. */
export type ResolvedUploadOptions = Required<UploadOptions>;

/**
 * Checks upload options and fills in the defaults.
 *
 * @param options What the user passed in.
 * @returns The options.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 */
export function resolveUploadOptions(
  options: UploadOptions,
): ResolvedUploadOptions {
  requireObject(options, "upload");
  return {
    folder: checkFolder(options.folder ?? "default"),
    makeFolder: requireBoolean(options.makeFolder ?? false, "makeFolder"),
    conflictStrategy: checkStrategy(options.conflictStrategy ?? "new"),
  };
}

function checkFolder(folder: unknown): string {
  const checked = requireString(folder, "folder");
  const segments = checked.split("/");
  if (segments.includes(".") || segments.includes("..")) {
    throw new RangeError(
      `Option folder must not lead elsewhere with "." or "..", and is "${checked}"`,
    );
  }
  return checked;
}

const CONFLICT_STRATEGIES: readonly ConflictStrategy[] = [
  "skip",
  "error",
  "new",
  "replace",
];

function checkStrategy(strategy: unknown): ConflictStrategy {
  const known = CONFLICT_STRATEGIES.find((one) => one === strategy);
  if (known === undefined) {
    const wanted = CONFLICT_STRATEGIES.map((one) => `"${one}"`).join(", ");
    throw new RangeError(
      `Option conflictStrategy must be one of ${wanted}, and is ${
        Deno.inspect(strategy)
      }`,
    );
  }
  return known;
}
