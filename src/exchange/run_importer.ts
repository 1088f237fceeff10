import { basename, join } from "@std/path";
import { InUseError } from "../errors.ts";
import { decodeRunMetadata } from "../format/metadata.ts";
import { METRICS_DIR, RUN_FILES, STATE_DIR } from "../local/layout.ts";
import { StagedDirectory } from "../local/staged_directory.ts";
import { Turn } from "../upload/notes/turn.ts";
import {
  type NotedRun,
  readImportNotes,
  writeImportNote,
} from "./import_note.ts";
import { IMPORTED_LABEL, type ImportedRun } from "./imported_run.ts";
import { startOf, writeImportedFiles, type Written } from "./write_imported.ts";

/** A run that was imported. */
export interface ImportResult {
  /** Where it came from. */
  readonly source: string;
  /** Its directory. */
  readonly path: string;
  /**
   * `new`: it was made. `updated`: it was made before of a source that has changed since, and is brought up to date.
   * `unchanged`: it was made before, and there is nothing to do.
   */
  readonly action: "new" | "updated" | "unchanged";
  /** Its status. */
  readonly status: "Complete" | "Error";
  /** How many records it has. */
  readonly records: number;
  /** What could not be taken over, in sentences. */
  readonly notes: readonly string[];
}

/** How runs are imported. */
export interface RunImporterOptions {
  /** Whether a run is made also of a source of which there is one. Default: false. */
  readonly again?: boolean | undefined;
  /** Told once that another import into the directory is waited for. */
  readonly onWait?: (() => void) | undefined;
}

const MAX_NAME_CHARS = 40;

const LOCK_FILE = "import.lock";

/**
 * Makes ordinary, finished runs of those that come from elsewhere. Into one directory one imports at a time, so that two
 * never make a run of the same source.
 */
export class RunImporter {
  readonly #parent: string;
  readonly #known: ReadonlyMap<string, NotedRun>;
  readonly #lock: Deno.FsFile;

  private constructor(
    parent: string,
    known: ReadonlyMap<string, NotedRun>,
    lock: Deno.FsFile,
  ) {
    this.#parent = parent;
    this.#known = known;
    this.#lock = lock;
  }

  /**
   * Begins an import, once no other is at work. It ends with its disposal, or with the process.
   *
   * @param parent The directory of runs; made if it is missing.
   * @param options Whether what was imported before is imported again.
   * @returns What imports.
   */
  static async open(
    parent: string,
    { again = false, onWait }: RunImporterOptions = {},
  ): Promise<RunImporter> {
    const state = join(parent, STATE_DIR);
    await Deno.mkdir(state, { recursive: true });
    const path = join(state, LOCK_FILE);
    const lock = await Deno.open(path, { write: true, create: true });
    if (!await lock.tryLock(true)) {
      onWait?.();
      await lock.lock(true);
    }
    const known = again ? new Map<string, NotedRun>() : readImportNotes(parent);
    return new RunImporter(parent, known, lock);
  }

  /** Lets another one import. */
  [Symbol.dispose](): void {
    // A process that is just being started holds its starter's files for a moment, which must not prolong the lock.
    this.#lock.unlockSync();
    this.#lock.close();
  }

  /**
   * Makes a run, which nobody sees before it is whole; or brings the one up to date that was made of the same source
   * before. Of what cannot be read whole nothing is left behind.
   *
   * @param run The run.
   * @returns The run's directory, and what could not be taken over.
   * @throws {InUseError} If it was made before, is to be brought up to date, and somebody is at work on it.
   */
  async take(run: ImportedRun): Promise<ImportResult> {
    const { identity, source } = run;
    // Looked at before it is read: what comes meanwhile is for the next time.
    const stamp = await identity?.stamp();
    if (identity === undefined || stamp === undefined) {
      return await this.#make(run);
    }
    const { key } = identity;
    const known = this.#known.get(key);
    if (known === undefined) return await this.#make(run, { key, stamp });
    if (known.stamp === stamp) {
      const { path, status, records } = known;
      return { source, path, action: "unchanged", status, records, notes: [] };
    }
    return await update(run, known, stamp);
  }

  async #make(
    run: ImportedRun,
    version?: { readonly key: string; readonly stamp: string },
  ): Promise<ImportResult> {
    const name = fitName(run.name);
    using staged = StagedDirectory.forNew(this.#parent, name, {
      now: () => new Date(startOf(run)),
    });
    const { path, target } = staged;
    const written = await writeImportedFiles(path, run, {
      name,
      alternativeName: basename(target),
      associations: { input: [], output: [] },
      remote: [],
    });
    const { status, records, ended } = written;
    if (version !== undefined) {
      const at = new Date().toISOString();
      const note = { ...version, at, ended: [ended], status, records };
      writeImportNote(target, note);
    }
    staged.publish();
    return resultOf(run, { path: target, action: "new", written });
  }
}

/** Puts the files of what a source has become in the place of those that were made of it, each at once. */
async function update(
  run: ImportedRun,
  { path, ...note }: NotedRun,
  stamp: string,
): Promise<ImportResult> {
  using staged = StagedDirectory.forExisting(path);
  const turn = new Turn(path);
  if (staged === undefined || turn.take() === "busy") {
    throw new InUseError(path, turn.obstacle ?? "another process");
  }
  try {
    const file = join(path, RUN_FILES.metadata);
    const before = decodeRunMetadata(await Deno.readTextFile(file), file);
    if (!note.ended.includes(before.endTimestamp ?? "")) {
      throw new Error(
        `it has changed since it was imported, and so has the run that was made of it, "${path}"; --again makes another`,
      );
    }
    const written = await writeImportedFiles(staged.path, run, before);
    const { status, records, ended } = written;
    const at = new Date().toISOString();
    const after = { ...note, at, status, records };
    // Whoever is killed from here on leaves a mixture, which the next import completes.
    writeImportNote(path, {
      ...after,
      stamp: "",
      ended: [...note.ended, ended],
    });
    replaceFiles(path, staged.path);
    writeImportNote(path, { ...after, stamp, ended: [ended] });
    return resultOf(run, { path, action: "updated", written });
  } finally {
    turn.give();
  }
}

function replaceFiles(dir: string, staged: string): void {
  const metrics = join(dir, METRICS_DIR);
  const made = namesIn(join(staged, METRICS_DIR));
  const move = (file: string) =>
    Deno.renameSync(join(staged, file), join(dir, file));
  Deno.mkdirSync(metrics, { recursive: true });
  for (const name of made) move(join(METRICS_DIR, name));
  for (const name of namesIn(metrics)) {
    if (!made.includes(name)) Deno.removeSync(join(metrics, name));
  }
  const { metadata, ...others } = RUN_FILES;
  for (const file of [...Object.values(others), metadata]) move(file);
}

function namesIn(dir: string): string[] {
  return [...Deno.readDirSync(dir)].map(({ name }) => name);
}

function resultOf(
  { source }: ImportedRun,
  { path, action, written }: {
    readonly path: string;
    readonly action: ImportResult["action"];
    readonly written: Written;
  },
): ImportResult {
  const { status, records, notes } = written;
  return { source, path, action, status, records, notes };
}

/** The nearest name that the rule for names of runs allows. */
function fitName(name: string): string {
  const fit = name.normalize("NFKD")
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[_-]+/, "")
    .slice(0, MAX_NAME_CHARS)
    .replace(/[_-]+$/, "");
  return fit === "" ? IMPORTED_LABEL : fit;
}
