import { basename, join } from "@std/path";
import { asKilled } from "../format/killed_run.ts";
import { decodeRunMetadata, encodeRunMetadata } from "../format/metadata.ts";
import { Document } from "../local/document.ts";
import { METADATA_FILE, stateDir } from "../local/layout.ts";
import { hold, QUIET_MS, readOwner } from "../local/owner.ts";
import { scanDirectory } from "../local/scan_directory.ts";

/**
 * Whether a run is being written. `running`: by a living process, of this machine or another. `ended`: by nobody.
 * `killed`: by nobody, since its process ended without a word, which is now noted. `unknown`: it says so, and nothing is
 * known of its process.
 */
export type RunLife = "running" | "ended" | "killed" | "unknown";

/** Where and when {@linkcode settleStatus} looks. */
export interface SettleOptions {
  /** This machine's name, or null if it may not be known. */
  readonly hostname: string | null;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: () => number;
}

/**
 * Finds out whether a run is being written. If its process was killed, the run gets the status that is true: `Error`, with
 * the time of its last written file as its end. A run that has no note on its process is left as it is.
 *
 * @param dir The run directory.
 * @param options Where and when.
 * @returns Whether it goes on.
 * @throws {DamagedFileError} If the metadata cannot be read.
 */
export async function settleStatus(
  dir: string,
  options: SettleOptions,
): Promise<RunLife> {
  const owner = readOwner(dir);
  if (owner?.alive) return "running";
  const lastMs = await lastWritten(dir);
  const isQuiet = (options.now?.() ?? Date.now()) - lastMs >= QUIET_MS;
  if (owner === undefined) {
    return isQuiet || !saysRunning(dir) ? "ended" : "unknown";
  }
  // Over a network file system without locks, the process of another machine looks dead although it lives.
  const isHere = owner.hostname !== null && owner.hostname === options.hostname;
  if (!isHere && !isQuiet) return "running";
  const held = hold(dir);
  if (held === undefined) return "running";
  let isSettled = false;
  try {
    const wasRunning = markError(dir, lastMs);
    isSettled = true;
    return wasRunning ? "killed" : "ended";
  } finally {
    held.release({ forgetOwner: isSettled });
  }
}

function saysRunning(dir: string): boolean {
  const path = join(dir, METADATA_FILE);
  const { status } = decodeRunMetadata(Deno.readTextFileSync(path), path);
  return status === "Running";
}

/** Marks a run that says `Running`; false if it does not. */
function markError(dir: string, lastMs: number): boolean {
  const document = new Document(join(dir, METADATA_FILE), stateDir(dir));
  const metadata = decodeRunMetadata(document.read(), document.path);
  if (metadata.status !== "Running") return false;
  const killed = asKilled(metadata, { alternativeName: basename(dir), lastMs });
  document.write(encodeRunMetadata(killed));
  return true;
}

/** When the run last wrote something; its metadata may have been written by others since. */
async function lastWritten(dir: string): Promise<number> {
  let lastMs = 0;
  for (const [key, { mtimeMs }] of await scanDirectory(dir)) {
    if (key !== METADATA_FILE) lastMs = Math.max(lastMs, mtimeMs);
  }
  return lastMs;
}
