import type { Command } from "commander";
import type { ConflictStrategy } from "../upload/types.ts";
import type { DestinationOptions } from "../upload/placing/resolve_destination.ts";
import { oneOf } from "./options.ts";

/** The flags that say where something goes on a server. */
export interface PlaceFlags {
  readonly host?: string;
  readonly folder?: string;
  readonly makeFolder?: true;
  readonly conflictStrategy?: ConflictStrategy;
}

/**
 * Adds the options that say where something goes on a server.
 *
 * @param command The command to add them to.
 */
export function addPlaceOptions(command: Command): Command {
  return command
    .option(
      "--host <url>",
      "the server's address (default: where it went before, else the current context's)",
    )
    .option(
      "-f, --folder <path>",
      "the folder on the server, absolute or below the user's own (default: where it went before, else default)",
    )
    .option("-m, --make-folder", "make the folder if it is missing")
    .option(
      "-c, --conflict-strategy <strategy>",
      "what to do when another node has the name: new (take the longer, unique name), skip, error or replace " +
        "(default: as before, else new)",
      oneOf<ConflictStrategy>(["new", "skip", "error", "replace"]),
    );
}

/**
 * Takes from flags what they say of a place on a server.
 *
 * @param flags The flags.
 * @returns What is asked for.
 */
export function placeOf(flags: PlaceFlags): DestinationOptions {
  const { host, folder, makeFolder, conflictStrategy } = flags;
  return {
    ...(host === undefined ? {} : { host }),
    ...(folder === undefined ? {} : { folder }),
    ...(makeFolder === undefined ? {} : { makeFolder }),
    ...(conflictStrategy === undefined ? {} : { conflictStrategy }),
  };
}
