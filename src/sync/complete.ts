import { EmError } from "../errors.ts";
import type { Reporter } from "../reporter.ts";
import { readIntent } from "../upload/notes/intent.ts";
import { isOsError } from "../local/os_error.ts";
import type { DestinationOptions } from "../upload/placing/resolve_destination.ts";
import type { UploadReport } from "../upload/types.ts";
import { uploadOne } from "../upload_directory.ts";
import {
  deliversItself,
  destinationOf,
  unfinished,
  wantedPlaces,
} from "./due_places.ts";
import { lifeOf } from "./life_of.ts";
import { limitOutage } from "./outage_limit.ts";
import { Servers } from "./servers.ts";
import type { RunLife } from "./settle_status.ts";

/** How {@linkcode completeDirectories} works. */
export interface CompleteOptions {
  /**
   * Where what was never asked to be uploaded goes. If it is given, everything is compared with the server; if not, what is
   * known to be whole there, and what was never asked to be uploaded, is left out.
   */
  readonly fallback?: DestinationOptions;
  /** Uploads everything, whatever is known of it: what stands here wins, the rest is as it was the last time. */
  readonly wanted?: DestinationOptions;
  /** Takes warnings. */
  readonly reporter: Reporter;
  /** Ends it. */
  readonly signal?: AbortSignal;
  /** How long a server may be away, or refuse the key, before its directory is given up, in milliseconds. Default: 60 000. */
  readonly outageMs?: number;
}

/** What became of a directory. */
export interface CompletedDirectory {
  /** The directory. */
  readonly path: string;
  /**
   * `whole`: the server was known to have all of it. `not-asked`: no upload was ever asked for. `running`: its own process
   * delivers it. `uploaded`: see the report. `failed`: see the error.
   */
  readonly state: "whole" | "not-asked" | "running" | "uploaded" | "failed";
  /** The server's address, where it is known. */
  readonly host?: string | undefined;
  /** Whether its process had been killed, which is now its status. */
  readonly wasKilled: boolean;
  /** What arrived. */
  readonly report?: UploadReport;
  /** Why nothing was uploaded. */
  readonly error?: Error;
}

const OUTAGE_MS = 60_000;

/**
 * Completes on their servers what other processes have left of runs and artifacts, one directory after the other, and
 * gives runs whose processes were killed the status that is true. A failure of one does not keep the others.
 *
 * @param dirs The directories.
 * @param options What to complete, and who is told.
 * @returns What became of each directory, for each of its places.
 */
export async function* completeDirectories(
  dirs: Iterable<string>,
  options: CompleteOptions,
): AsyncGenerator<CompletedDirectory> {
  const servers = new Servers();
  for (const path of dirs) {
    if (options.signal?.aborted) return;
    let wasKilled = false;
    try {
      const life = await lifeOf(path);
      wasKilled = life === "killed";
      const places = await duePlaces(path, life, options);
      if (typeof places === "string") {
        yield { path, wasKilled, state: places };
        continue;
      }
      for (const place of places) {
        yield {
          path,
          wasKilled,
          ...await complete(path, { place, servers, options }),
        };
      }
    } catch (error) {
      yield { path, wasKilled, state: "failed", error: expected(error) };
    }
  }
}

async function duePlaces(
  dir: string,
  life: RunLife,
  { wanted, fallback }: CompleteOptions,
): Promise<readonly DestinationOptions[] | "whole" | "not-asked" | "running"> {
  if (wanted !== undefined) return [{ host: readIntent(dir)?.host, ...wanted }];
  const known = wantedPlaces(dir);
  if (fallback !== undefined) {
    return known.length > 0 ? known.map(destinationOf) : [fallback];
  }
  if (known.length === 0) return "not-asked";
  if (life === "running" && deliversItself(dir, known)) return "running";
  if (life === "running" && known[0]?.deliveredBy !== undefined) {
    return "running";
  }
  const due = await unfinished(dir, known);
  return due.length > 0 ? due.map(destinationOf) : "whole";
}

interface Completion {
  readonly place: DestinationOptions;
  readonly servers: Servers;
  readonly options: CompleteOptions;
}

async function complete(
  path: string,
  { place, servers, options }: Completion,
): Promise<Pick<CompletedDirectory, "state" | "host" | "report" | "error">> {
  const { signal, reporter, outageMs: limitMs = OUTAGE_MS } = options;
  const { host } = place;
  try {
    const target = await servers.check(host, signal);
    using limit = limitOutage({ reporter, signal, limitMs });
    const report = await uploadOne(
      path,
      {
        ...place,
        host: target.host,
        signal: limit.signal,
        // What nobody asks for must not bring back what somebody has deleted.
        recreates: options.wanted !== undefined,
      },
      limit.reporter,
    );
    if (limit.signal.aborted) servers.forget(host);
    return { state: "uploaded", host: target.host, report };
  } catch (error) {
    return { state: "failed", host, error: expected(error) };
  }
}

function expected(error: unknown): Error {
  if (error instanceof EmError || isOsError(error)) return error;
  throw error;
}
