import { join } from "@std/path";
import { entriesOf } from "../local/entries_of.ts";
import { isDirectory } from "../local/is_directory.ts";
import { STATE_DIR, stateDir } from "../local/layout.ts";
import { isOsError } from "../local/os_error.ts";

/** What is noted next to a run of where it was imported from. It never leaves this machine. */
export interface ImportNote {
  /** What tells the source from all others: see `SourceIdentity`. */
  readonly key: string;
  /** The version of the source of which the run was made; empty while another one is being made of it. */
  readonly stamp: string;
  /** When it was imported, RFC 3339. */
  readonly at: string;
  /** Each end that the import has given the run: one that ended otherwise was written to since. */
  readonly ended: readonly string[];
  /** Its status. */
  readonly status: "Complete" | "Error";
  /** How many records it has. */
  readonly records: number;
}

/** A run that was imported before. */
export interface NotedRun extends ImportNote {
  /** Its directory. */
  readonly path: string;
}

const FILE = "import.json";

/**
 * Notes next to a run where it was imported from.
 *
 * @param dir The run's directory, as it is or is to be.
 * @param note Where from.
 */
export function writeImportNote(dir: string, note: ImportNote): void {
  const path = join(stateDir(dir), FILE);
  Deno.writeTextFileSync(`${path}.tmp`, `${JSON.stringify(note)}\n`);
  Deno.renameSync(`${path}.tmp`, path);
}

/**
 * Reads which sources the runs in a directory were imported from.
 *
 * @param parent The directory of runs.
 * @returns The run that was made of a source last and is still here, by the source's key.
 */
export function readImportNotes(parent: string): Map<string, NotedRun> {
  const found = new Map<string, NotedRun>();
  for (const { name } of entriesOf(join(parent, STATE_DIR))) {
    const path = join(parent, name);
    const note = readNote(path);
    if (note === undefined || !isDirectory(path)) continue;
    const known = found.get(note.key);
    if (known !== undefined && known.at >= note.at) continue;
    found.set(note.key, { ...note, path });
  }
  return found;
}

function readNote(dir: string): ImportNote | undefined {
  try {
    const text = Deno.readTextFileSync(join(stateDir(dir), FILE));
    const note: unknown = JSON.parse(text);
    return isNote(note) ? note : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || isOsError(error)) return undefined;
    throw error;
  }
}

function isNote(value: unknown): value is ImportNote {
  return typeof value === "object" && value !== null &&
    "ended" in value && Array.isArray(value.ended) &&
    "key" in value && typeof value.key === "string" &&
    "stamp" in value && typeof value.stamp === "string" &&
    "at" in value && typeof value.at === "string" &&
    "status" in value &&
    (value.status === "Complete" || value.status === "Error") &&
    "records" in value && typeof value.records === "number";
}
