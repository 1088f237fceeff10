import { join } from "@std/path";
import { InUseError } from "../errors.ts";
import { RANKS_DIR } from "../format/metric_key.ts";
import { stateDir } from "./layout.ts";
import { isNoSuchFile } from "./os_error.ts";

/** Which process writes, or last wrote, a run directory. */
export interface Owner {
  /** The process id. */
  readonly pid: number;
  /** The host's name, or null where it may not be known. */
  readonly hostname: string | null;
  /** When the process took the run, RFC 3339. */
  readonly since: string;
  /** The rank as which it writes; absent for the main process, which has the run. */
  readonly rank?: number;
}

/** A run directory's owner as another process sees it. */
export interface OwnerState extends Owner {
  /** Whether the process still holds the run. True and false are certain on the host itself, not over a network file system without locks. */
  readonly alive: boolean;
}

/** A claim on a run directory, which the operating system ends with the process, however that ends. */
export interface Ownership {
  /** Ends the claim and forgets the owner. */
  release(): void;
  /** Notes again who was noted before the claim, because nothing came of it: {@linkcode Ownership.release} then leaves that note. */
  restore(): void;
}

/** A hold on a run directory whose owner is gone. It ends with the process, and leaves the note on the owner as it is. */
export interface Hold {
  /**
   * Ends the hold.
   *
   * @param options Whether the owner is forgotten, because nothing of what it left is open any more.
   */
  release(options: { readonly forgetOwner: boolean }): void;
}

/** A run of which nothing is certain is taken for ended when nothing was written for so long, in milliseconds. */
export const QUIET_MS: number = 10 * 60_000;

/** Each writer of a run directory has a note of its own. */
function noteOf(runDir: string, rank: number | undefined): string {
  const file = rank === undefined ? "process.json" : `rank-${rank}.json`;
  return join(stateDir(runDir), file);
}

/** Others hold a note for a moment, to look at it or to complete what is there: try so often, with so long a pause. */
const CLAIM_TRIES = 15;
const CLAIM_PAUSE_MS = 20;

/**
 * Claims a run directory, or one rank of it, for this process: notes process id and host next to the directory and locks
 * the note.
 *
 * @param runDir The run directory.
 * @param owner The process.
 * @returns The claim.
 * @throws {InUseError} If somebody else holds the directory.
 */
export function claim(runDir: string, owner: Owner): Ownership {
  const path = noteOf(runDir, owner.rank);
  let file = lockNote(path);
  for (let tries = 1; file === undefined && tries < CLAIM_TRIES; tries++) {
    pause(CLAIM_PAUSE_MS);
    file = lockNote(path);
  }
  if (file === undefined) {
    const what = owner.rank === undefined
      ? runDir
      : join(runDir, RANKS_DIR, String(owner.rank));
    throw new InUseError(what, describeOwner(path));
  }
  const held = file;
  const before = Deno.readFileSync(path);
  let isRestored = false;
  const claimed: Ownership = {
    release: () => isRestored ? held.close() : forget(held, path),
    restore() {
      if (before.length === 0) return;
      isRestored = true;
      overwrite(held, before);
    },
  };
  try {
    overwrite(held, new TextEncoder().encode(JSON.stringify(owner) + "\n"));
    return claimed;
  } catch (error) {
    claimed.restore();
    claimed.release();
    throw error;
  }
}

/** Not emptied first: on a full disk, what is as long as before still has its place. */
function overwrite(file: Deno.FsFile, bytes: Uint8Array): void {
  file.seekSync(0, Deno.SeekMode.Start);
  for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
  file.truncateSync(bytes.length);
}

/**
 * Keeps others from writing a run directory whose owner is gone, while what it left is completed.
 *
 * @param runDir The run directory.
 * @returns The hold, or undefined if somebody else holds the directory.
 */
export function hold(runDir: string): Hold | undefined {
  const path = noteOf(runDir, undefined);
  const file = lockNote(path);
  if (file === undefined) return undefined;
  return {
    release({ forgetOwner }) {
      if (forgetOwner || file.statSync().size === 0) forget(file, path);
      else file.close();
    },
  };
}

/**
 * Tells who writes a run directory. A run that says `Running` and has an owner that is not alive was killed.
 *
 * @param runDir The run directory.
 * @param rank The rank, if who writes as such is wanted. Default: the main process.
 * @returns The owner, or undefined if none is noted: the run is finished, or was made elsewhere.
 */
export function readOwner(
  runDir: string,
  rank?: number,
): OwnerState | undefined {
  const path = noteOf(runDir, rank);
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
  using note = file;
  const alive = !note.tryLockSync(false);
  const owner = readNote(path);
  // Who has just locked the note has not written it yet.
  if (owner === undefined) return alive ? { ...UNKNOWN, alive } : undefined;
  return { ...owner, alive };
}

const UNKNOWN: Owner = { pid: 0, hostname: null, since: "" };

/** Opens and locks a note; undefined if somebody else has locked it. */
function lockNote(path: string): Deno.FsFile | undefined {
  for (;;) {
    const file = Deno.openSync(path, { read: true, write: true, create: true });
    if (!file.tryLockSync(true)) {
      file.close();
      return undefined;
    }
    // A note that was removed in the meantime protects nothing.
    if (isAt(path, file)) return file;
    file.close();
  }
}

function isAt(path: string, file: Deno.FsFile): boolean {
  try {
    return Deno.statSync(path).ino === file.statSync().ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Removed before it is unlocked, so that nobody locks a note that is about to vanish. */
function forget(file: Deno.FsFile, path: string): void {
  try {
    Deno.removeSync(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  } finally {
    file.close();
  }
}

function pause(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

function describeOwner(path: string): string {
  const owner = readNote(path);
  if (owner === undefined) return "another process";
  const host = owner.hostname === null ? "" : ` on "${owner.hostname}"`;
  const self = owner.pid === Deno.pid ? "this very process, " : "";
  return `${self}process ${owner.pid}${host} since ${owner.since}`;
}

/** The note may be half written, or gone, at the moment in which it is read. */
function readNote(path: string): Owner | undefined {
  try {
    return JSON.parse(Deno.readTextFileSync(path)) as Owner;
  } catch (error) {
    if (
      error instanceof SyntaxError || error instanceof Deno.errors.NotFound
    ) return undefined;
    throw error;
  }
}
