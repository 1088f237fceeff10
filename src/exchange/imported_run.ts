import { join } from "@std/path";
import {
  encodeGit,
  encodePlatform,
  type GitFacts,
  type PlatformFacts,
} from "../format/environment.ts";
import { encodeRunMetadata } from "../format/metadata.ts";
import { encodeIndex } from "../format/run_index.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import { stringifyYaml } from "../format/yaml_writer.ts";
import { Document } from "../local/document.ts";
import { METRICS_DIR, RUN_FILES, stateDir } from "../local/layout.ts";
import {
  createNodeDirectory,
  removeNodeDirectory,
} from "../local/node_directory.ts";
import type { OwnMap } from "../run/hparam_values.ts";
import { MetricsLog } from "../run/metrics_log.ts";

/** One record of a run that comes from elsewhere. */
export interface ImportedRecord {
  /** The metric type. */
  readonly type: string;
  /** The values by name. */
  readonly values: Readonly<Record<string, number>>;
  /** The step, a finite number. */
  readonly step: number;
  /** The epoch. Default: none. */
  readonly epoch?: number | null;
  /** When it was recorded, in milliseconds since 1970-01-01T00:00:00Z, with a fraction. */
  readonly timeMs: number;
}

/** What is known of a run that comes from elsewhere once all of it was read. */
export interface ImportedEnd {
  /** When it ended, in milliseconds since 1970-01-01T00:00:00Z. Default: when the last record was made. */
  readonly endMs?: number | undefined;
  /** Whether it came to its end. */
  readonly status: "Complete" | "Error";
  /** The hyperparameters. */
  readonly hparams: OwnMap;
  /** The labels, beside `imported`. Default: none. */
  readonly labels?: readonly string[] | undefined;
  /** The description. Default: where it was imported from. */
  readonly description?: string | undefined;
  /** What is known of the machine. */
  readonly platform?: Partial<PlatformFacts> | undefined;
  /** What is known of the repository. */
  readonly git?: Partial<GitFacts> | undefined;
}

/** A run that comes from elsewhere. */
export interface ImportedRun {
  /** Where it comes from, for people. */
  readonly source: string;
  /** Its name there; it is made fit the rule for names. */
  readonly name: string;
  /** When it began, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly startMs: number;
  /**
   * Reads it.
   *
   * @param take Takes each record, in order.
   * @param takeLine Takes what it printed, with line ends.
   * @returns What is known of it then.
   */
  readonly read: (taker: ImportTaker) => Promise<ImportedEnd>;
}

/** Takes what is read of a run. */
export interface ImportTaker {
  /** Takes a record. */
  readonly record: (record: ImportedRecord) => void;
  /** Takes a piece of what the run printed. */
  readonly output: (text: string) => void;
  /** Takes a sentence on something that cannot be taken over. */
  readonly note: (message: string) => void;
}

/** A run that was imported. */
export interface ImportResult {
  /** Where it came from. */
  readonly source: string;
  /** Its directory. */
  readonly path: string;
  /** Its status. */
  readonly status: "Complete" | "Error";
  /** How many records it has. */
  readonly records: number;
  /** What could not be taken over, in sentences. */
  readonly notes: readonly string[];
}

/** The label of every imported run. */
export const IMPORTED_LABEL = "imported";

const MAX_NAME_CHARS = 40;

/**
 * Makes an ordinary, finished run of one that comes from elsewhere, in a directory of its own: nothing is ever
 * overwritten, and what cannot be read whole leaves no directory behind.
 *
 * @param parent The directory of runs.
 * @param run The run.
 * @returns The run's directory, and what could not be taken over.
 */
export async function writeImportedRun(
  parent: string,
  run: ImportedRun,
): Promise<ImportResult> {
  const name = fitName(run.name);
  const startMs = isTime(run.startMs) ? run.startMs : 0;
  const { path, alternativeName } = createNodeDirectory(parent, name, {
    kind: "Run",
    now: () => new Date(startMs),
  });
  try {
    const { end, records, firstMs, lastMs, notes } = await fill(path, {
      ...run,
      startMs,
    });
    const write = (file: string, text: string) =>
      new Document(join(path, file), stateDir(path)).write(text);
    write(RUN_FILES.hyperparameters, stringifyYaml(end.hparams));
    write(
      RUN_FILES.platform,
      encodePlatform({ ...NO_PLATFORM, ...end.platform }),
    );
    write(RUN_FILES.git, encodeGit({ ...NO_GIT, ...end.git }));
    // The document that makes the directory a run comes last.
    write(
      RUN_FILES.metadata,
      encodeRunMetadata({
        kind: "Run",
        name,
        labels: [...new Set([IMPORTED_LABEL, ...end.labels ?? []])],
        description: end.description ?? `Imported from ${run.source}`,
        startTimestamp: timestamp(firstMs),
        endTimestamp: timestamp(
          end.endMs !== undefined && isTime(end.endMs) ? end.endMs : lastMs,
        ),
        status: end.status,
        alternativeName,
        associations: { input: [], output: [] },
        remote: [],
      }),
    );
    return { source: run.source, path, status: end.status, records, notes };
  } catch (error) {
    removeNodeDirectory(path);
    throw error;
  }
}

interface Filled {
  readonly end: ImportedEnd;
  readonly records: number;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly notes: readonly string[];
}

async function fill(dir: string, run: ImportedRun): Promise<Filled> {
  Deno.mkdirSync(join(dir, METRICS_DIR));
  const index = new Document(join(dir, RUN_FILES.index), stateDir(dir));
  index.write(encodeIndex([]));
  let nowMs = run.startMs;
  let firstMs = run.startMs;
  let lastMs = -Infinity;
  let records = 0;
  let timeless = 0;
  const notes: string[] = [];
  const metrics = new MetricsLog({ dir, index, clock: () => nowMs });
  using log = Deno.openSync(join(dir, RUN_FILES.log), {
    write: true,
    createNew: true,
  });
  const encoder = new TextEncoder();
  try {
    const end = await run.read({
      record({ type, values, step, epoch = null, timeMs }) {
        if (isTime(timeMs)) nowMs = timeMs;
        else timeless++;
        firstMs = Math.min(firstMs, nowMs);
        lastMs = Math.max(lastMs, nowMs);
        metrics.append(type, values, { step, epoch });
        records++;
      },
      output(text) {
        let rest = encoder.encode(text);
        while (rest.length > 0) rest = rest.subarray(log.writeSync(rest));
      },
      note: (message) => notes.push(message),
    });
    lastMs = Math.max(firstMs, lastMs);
    if (timeless > 0) {
      notes.push(
        `gave ${timeless} records without a time that of the one before`,
      );
    }
    return { end, records, firstMs, lastMs, notes };
  } finally {
    metrics.close();
  }
}

/** The last millisecond that a timestamp has room for. */
const LAST_MS = Date.UTC(9999, 11, 31);

/** Whether a number can be a time; whatever is before 1970 is none. */
function isTime(ms: number): boolean {
  return ms >= 0 && ms < LAST_MS;
}

/**
 * A run that cannot be read: it fails when it is written, and others go on.
 *
 * @param source Where it would come from.
 * @param error Why it cannot be read.
 * @returns The run.
 */
export function unreadableRun(source: string, error: Error): ImportedRun {
  return {
    source,
    name: IMPORTED_LABEL,
    startMs: 0,
    read: () => Promise.reject(error),
  };
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

function timestamp(ms: number): string {
  return formatTimestamp(Math.round(ms * 1000));
}

const NO_PLATFORM: PlatformFacts = {
  hostname: null,
  os: null,
  python: null,
  pypkgs: {},
  framework: "",
  deno: null,
  v8: null,
  typescript: null,
};

const NO_GIT: GitFacts = {
  repo_path: null,
  remote_url: null,
  branch: null,
  commit: null,
  is_dirty: null,
  entrypoint: null,
};
