import { join } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import {
  type Attempt,
  ATTEMPTS_FILE,
  decodeAttempts,
  encodeAttempts,
  startsIn,
} from "../format/attempts.ts";
import { rethrowAsDamaged } from "../format/damaged.ts";
import { firstAttempt } from "../format/first_attempt.ts";
import type { RunMetadata } from "../format/metadata.ts";
import { readMetricKey } from "../format/metric_key.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { Document } from "../local/document.ts";
import { stateDir } from "../local/layout.ts";
import { isNoSuchFile } from "../local/os_error.ts";
import { findTorn } from "./torn_metrics.ts";

/** What is known of a run that a further attempt continues. */
export interface AttemptBasis {
  /** The run's metadata, as they were. */
  readonly metadata: RunMetadata;
  /** The host on which the run was made. */
  readonly hostname: string | null;
  /** The process that wrote the run before, as far as it is known. */
  readonly owner:
    | { readonly pid: number; readonly hostname: string | null }
    | undefined;
  /** Whether it goes on from a checkpoint. */
  readonly resumes: boolean;
  /** The paths of the files that attempts are told apart in, relative to the run directory. */
  readonly files: readonly string[];
  /** This machine's name, if it may be known. */
  readonly here: string | null;
}

/** The attempts of a run that more than one process recorded. */
export class AttemptLog {
  /** The document `attempts.yaml`. */
  readonly document: Document;
  readonly #before: string | undefined;
  #attempts: readonly Attempt[];

  private constructor(
    document: Document,
    before: string | undefined,
    attempts: readonly Attempt[],
  ) {
    this.document = document;
    this.#before = before;
    this.#attempts = attempts;
  }

  /**
   * Begins a further attempt, and says how the last one ended.
   *
   * @param dir The run directory, whose files are whole.
   * @param basis What is known of the run.
   * @returns The attempts.
   * @throws {DamagedFileError} If the list of attempts cannot be read.
   */
  static begin(dir: string, basis: AttemptBasis): AttemptLog {
    const document = new Document(join(dir, ATTEMPTS_FILE), stateDir(dir));
    const text = readIfThere(document);
    const known = text === undefined ? [unnoted(basis)] : rethrowAsDamaged(
      document.path,
      () => decodeAttempts(text, document.path),
    );
    const next: Attempt = {
      attempt: known.length + 1,
      startTimestamp: formatTimestamp(),
      endTimestamp: null,
      status: "Running",
      pid: Deno.pid,
      hostname: basis.here,
      resumes: basis.resumes,
      files: lengthsOf(dir, basis.files),
    };
    const log = new AttemptLog(document, text, [
      ...known.slice(0, -1),
      ...known.slice(-1).map((last) => ended(dir, last, basis)),
      next,
    ]);
    log.#write();
    return log;
  }

  /** The attempts, from the first on. */
  get all(): readonly Attempt[] {
    return this.#attempts;
  }

  /**
   * Where in a file the attempts begin that go on from a checkpoint.
   *
   * @param file Its path in the run directory.
   * @returns Byte positions.
   */
  startsIn(file: string): readonly number[] {
    return startsIn(this.#attempts, file);
  }

  /**
   * Notes how this attempt stands, which is how the run stands.
   *
   * @param metadata The run's metadata.
   */
  follow({ status, endTimestamp }: RunMetadata): void {
    this.#attempts = this.#attempts.map((attempt, at) =>
      at + 1 < this.#attempts.length
        ? attempt
        : { ...attempt, status, endTimestamp }
    );
    this.#write();
  }

  /** Leaves everything as it was before this attempt. */
  undo(): void {
    if (this.#before !== undefined) this.document.write(this.#before);
    else Deno.removeSync(this.document.path);
  }

  #write(): void {
    this.document.write(encodeAttempts(this.#attempts));
  }
}

function readIfThere(document: Document): string | undefined {
  try {
    return document.read();
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}

/** How the first attempt ended is only found out where a further one begins. */
function unnoted({ metadata, hostname, owner }: AttemptBasis): Attempt {
  return {
    ...firstAttempt(metadata, {
      pid: owner?.pid ?? null,
      hostname: owner?.hostname ?? hostname,
    }),
    endTimestamp: null,
    status: "Running",
  };
}

/** What says `Running` and is continued by another process was killed, after it wrote last. */
function ended(
  dir: string,
  last: Attempt,
  { metadata, files }: AttemptBasis,
): Attempt {
  if (last.status !== "Running") return last;
  const { status, endTimestamp } = metadata;
  if (status !== "Running") return { ...last, status, endTimestamp };
  const times = files.map((file) => infoOf(join(dir, file))?.mtime ?? 0);
  const lastMs = Math.max(
    Date.parse(last.startTimestamp),
    ...times.map(Number),
  );
  const end = formatTimestamp(Math.round(lastMs * 1000));
  return { ...last, status: "Killed", endTimestamp: end };
}

function lengthsOf(
  dir: string,
  files: readonly string[],
): Record<string, number> {
  return Object.fromEntries(files.flatMap((file) => {
    const info = infoOf(join(dir, file));
    return info === undefined ? [] : [[file, goodBytes(dir, file, info.size)]];
  }));
}

/** What is torn at the end of a rank's file is cut off when the rank joins the run again. */
function goodBytes(dir: string, file: string, size: number): number {
  if (readMetricKey(file)?.rank === undefined) return size;
  try {
    return findTorn(join(dir, file))?.goodBytes ?? size;
  } catch (error) {
    if (error instanceof DamagedFileError) return size;
    throw error;
  }
}

function infoOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    throw error;
  }
}
