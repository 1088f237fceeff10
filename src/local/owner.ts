import { join } from "@std/path";
import { InUseError } from "../errors.ts";
import { stateDir } from "./layout.ts";

/** Which process writes, or last wrote, a run directory. */
export interface Owner {
  /** The process id. */
  readonly pid: number;
  /** The host's name, or null where it may not be known. */
  readonly hostname: string | null;
  /** When the process took the run, RFC 3339. */
  readonly since: string;
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
}

const FILE = "process.json";

/**
 * Claims a run directory for this process: notes process id and host next to the directory and locks the note.
 *
 * @param runDir The run directory.
 * @param owner The process.
 * @returns The claim.
 * @throws {InUseError} If somebody else holds the directory.
 */
export function claim(runDir: string, owner: Owner): Ownership {
  const path = join(stateDir(runDir), FILE);
  const file = Deno.openSync(path, { read: true, write: true, create: true });
  if (!file.tryLockSync(true)) {
    file.close();
    throw new InUseError(runDir, describeOwner(path));
  }
  file.truncateSync(0);
  file.writeSync(new TextEncoder().encode(JSON.stringify(owner) + "\n"));
  return {
    release() {
      file.close();
      Deno.removeSync(path);
    },
  };
}

/**
 * Tells who writes a run directory. A run that says `Running` and has no owner, or one that is not alive, was killed.
 *
 * @param runDir The run directory.
 * @returns The owner, or undefined if none is noted: the run is finished, or was made elsewhere.
 */
export function readOwner(runDir: string): OwnerState | undefined {
  const path = join(stateDir(runDir), FILE);
  let file: Deno.FsFile;
  try {
    file = Deno.openSync(path, { read: true });
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
  try {
    const alive = !file.tryLockSync(false);
    return { ...JSON.parse(Deno.readTextFileSync(path)) as Owner, alive };
  } finally {
    file.close();
  }
}

function describeOwner(path: string): string {
  const owner = parseOwner(Deno.readTextFileSync(path));
  if (owner === undefined) return "another process";
  const host = owner.hostname === null ? "" : ` on "${owner.hostname}"`;
  const self = owner.pid === Deno.pid ? "this very process, " : "";
  return `${self}process ${owner.pid}${host} since ${owner.since}`;
}

/** The note may be half written at the moment in which it is read. */
function parseOwner(text: string): Owner | undefined {
  try {
    return JSON.parse(text) as Owner;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
