import {
  currentSession,
  type ResolvedTarget,
  resolveTarget,
} from "../../aistore/session.ts";
import { readIntent, readIntents } from "../notes/intent.ts";
import type { UploadIntent } from "../types.ts";
import { resolveUploadOptions, type UploadOptions } from "./upload_options.ts";

/** What is asked for; what is not is as it was the last time. */
export interface DestinationOptions extends UploadOptions {
  /** The server's address. Default: that of the login, then that of the last upload, then the configuration's. */
  readonly host?: string | undefined;
}

/** Where a directory goes. */
export interface Destination {
  /** The server, and the key to it. */
  readonly target: ResolvedTarget;
  /** Where on the server. */
  readonly intent: UploadIntent;
}

/**
 * Finds out where a directory goes: where it is asked to, and for the rest where it went the last time.
 *
 * @param dir The directory.
 * @param options What is asked for.
 * @returns Where to.
 * @throws {NotLoggedInError} If no server is known, or no key for it.
 * @throws {TypeError} If an option has the wrong type.
 * @throws {RangeError} If an option has a value that is not allowed.
 */
export async function resolveDestination(
  dir: string,
  options: DestinationOptions,
): Promise<Destination> {
  const { host = rememberedHost(dir), ...asked } = options;
  resolveUploadOptions(asked);
  const target = await resolveTarget(host === undefined ? {} : { host });
  return { target, intent: resolveIntent(dir, target.host, asked) };
}

/** Who has logged in said which server is meant. */
function rememberedHost(dir: string): string | undefined {
  return currentSession() === undefined ? readIntent(dir)?.host : undefined;
}

/** A folder that is asked for is a new beginning, unless the directory was uploaded there before. */
function resolveIntent(
  dir: string,
  host: string,
  asked: UploadOptions,
): UploadIntent {
  const { folder, makeFolder, conflictStrategy } = asked;
  const last = folder === undefined
    ? readIntent(dir, host)
    : readIntents(dir).find((one) =>
      one.host === host && one.folder === folder
    );
  const all = resolveUploadOptions(asked);
  return {
    folder: folder ?? last?.folder ?? all.folder,
    makeFolder: makeFolder ?? last?.makeFolder ?? all.makeFolder,
    conflictStrategy: conflictStrategy ?? last?.conflictStrategy ??
      all.conflictStrategy,
  };
}
