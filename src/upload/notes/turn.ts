import { stateDir } from "../../local/layout.ts";
import { isOsError } from "../../local/os_error.ts";

const FILE = "upload.lock";

/** What stands in the lock file. */
interface Turns {
  /** In which turn something was sent last, by whomever. */
  readonly by: string;
  /** The process that has, or had, the turn. */
  readonly pid: number;
}

/**
 * Whose turn it is to deliver a directory. Several may follow the same one: a trainer, a resident process beside it, an
 * explicit upload. Each reads and sends only while it holds the turn, so that none sends an older version over a newer
 * one. The operating system ends a turn with the process, however that ends. Where the turn cannot be kept, because the
 * directory's neighbour cannot be written, everybody has it.
 */
export class Turn {
  readonly #state: string;
  #file: Deno.FsFile | undefined;
  #isFree = false;
  #lastBy: string | undefined;
  #holder: number | undefined;
  #isNoted = false;

  /** @param dir The directory. */
  constructor(dir: string) {
    this.#state = stateDir(dir);
  }

  /** Whether it is held. */
  get isHeld(): boolean {
    return this.#file !== undefined || this.#isFree;
  }

  /** Why the last attempt to take it failed, or undefined if it did not. */
  get obstacle(): string | undefined {
    if (this.#holder === undefined) return undefined;
    if (this.#holder === Deno.pid) {
      return "another upload of this process is at work on it";
    }
    // Who has just taken it has not written who it is yet.
    const who = this.#holder === 0
      ? "another process"
      : `process ${this.#holder}`;
    return `${who} is at work on it`;
  }

  /**
   * Takes the turn if nobody has it.
   *
   * @returns `taken` if it could be, `taken after another` if somebody else has sent something since this one had it
   *   last, or `busy`.
   */
  take(): "taken" | "taken after another" | "busy" {
    if (this.isHeld) return "taken";
    this.#isNoted = false;
    try {
      this.#file = this.#lock();
    } catch (error) {
      if (!isOsError(error)) throw error;
      this.#isFree = true;
    }
    if (this.#isFree) return "taken";
    if (this.#file === undefined) return "busy";
    this.#holder = undefined;
    const { by } = readTurns(this.#file);
    const isOther = this.#lastBy !== undefined && by !== this.#lastBy;
    this.#lastBy = by;
    writeTurns(this.#file, { by, pid: Deno.pid });
    return isOther ? "taken after another" : "taken";
  }

  /** Takes note that something is sent now: the next one to have the turn is to know. */
  note(): void {
    if (this.#file === undefined || this.#isNoted) return;
    this.#isNoted = true;
    this.#lastBy = crypto.randomUUID();
    writeTurns(this.#file, { by: this.#lastBy, pid: Deno.pid });
  }

  /** Gives the turn to whoever wants it. */
  give(): void {
    // A process that is just being started holds this one's files for a moment, which must not prolong the turn.
    this.#file?.unlockSync();
    this.#file?.close();
    this.#file = undefined;
    this.#isFree = false;
  }

  #lock(): Deno.FsFile | undefined {
    for (const name of ["read", "write"] as const) {
      const path = this.#state;
      if (Deno.permissions.querySync({ name, path }).state !== "granted") {
        this.#isFree = true;
        return undefined;
      }
    }
    const options = { read: true, write: true, create: true };
    const path = `${this.#state}/${FILE}`;
    let file: Deno.FsFile;
    try {
      file = Deno.openSync(path, options);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      Deno.mkdirSync(this.#state, { recursive: true });
      file = Deno.openSync(path, options);
    }
    try {
      if (file.tryLockSync(true)) return file;
      this.#holder = readTurns(file).pid;
    } catch (error) {
      file.close();
      throw error;
    }
    file.close();
    return undefined;
  }
}

function readTurns(file: Deno.FsFile): Turns {
  file.seekSync(0, Deno.SeekMode.Start);
  const bytes = new Uint8Array(256);
  const text = new TextDecoder().decode(
    bytes.subarray(0, file.readSync(bytes) ?? 0),
  );
  try {
    const { by, pid }: Partial<Turns> = JSON.parse(text) ?? {};
    if (typeof by === "string" && typeof pid === "number") return { by, pid };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { by: "", pid: 0 };
}

/** On a full disk the others cannot be told; what they believe of the server is proven before it is used. */
function writeTurns(file: Deno.FsFile, turns: Turns): void {
  try {
    file.truncateSync(0);
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(JSON.stringify(turns)));
  } catch (error) {
    if (!isOsError(error)) throw error;
  }
}
