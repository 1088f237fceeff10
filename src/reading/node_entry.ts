/**
 * Runs and artifacts as entries of a list.
 *
 * @module
 */

import { basename, dirname, join, resolve } from "@std/path";
import { DamagedFileError } from "../errors.ts";
import { METADATA_FILE } from "../local/layout.ts";
import { isNoSuchFile, isOsError } from "../local/os_error.ts";
import { findNamed } from "../sync/find_directories.ts";
import type { NodeState } from "../viewer/run_state.ts";
import { runningState } from "./local_source.ts";
import { readQuickMetadata } from "./quick_metadata.ts";

/** An entry of a list. */
export interface NodeEntry {
  /** What it is, such as `Run`, `Artifact` or `Folder`. */
  readonly type: string;
  /** The name that it was given. */
  readonly name: string;
  /** The unique name. */
  readonly alternativeName: string;
  /** The directory, or the path on the server. */
  readonly path: string;
  /** The status of a run; that of a killed one is `Error`. Null where it is not known. */
  readonly status: string | null;
  /** Whether it goes on. */
  readonly state: NodeState;
  /** When a run began, or an artifact was made: RFC 3339; null where it is not known. */
  readonly startTimestamp: string | null;
  /** When a run ended; null while it goes on. */
  readonly endTimestamp: string | null;
  /** How long a run took, or has taken so far, in milliseconds; null where that is not known. */
  readonly durationMs: number | null;
  /** The labels. */
  readonly labels: readonly string[];
  /** Why it cannot be read; null where it can. */
  readonly problem: string | null;
}

/** The directory of a project that the SDKs write to. */
const SDK_DIR = ".em";

/**
 * Lists the runs and artifacts in directories; of each only the metadata are read.
 *
 * @param dirs The directories: of runs, of artifacts, above such directories, of projects, or single ones.
 * @returns The entries, in no order.
 */
export function listLocal(dirs: readonly string[]): NodeEntry[] {
  const found = new Set(dirs.flatMap((dir) => {
    const named = [...findNamed(dir), ...findNamed(join(dir, SDK_DIR))];
    return named.length > 0 ? named : [resolve(dir)];
  }));
  const entries: NodeEntry[] = [];
  for (const dir of found) {
    const entry = localEntry(dir);
    if (entry !== undefined) entries.push(entry);
  }
  return entries;
}

/** Reads an entry; undefined if there is neither a run nor an artifact. */
function localEntry(dir: string): NodeEntry | undefined {
  const path = join(dir, METADATA_FILE);
  const alternativeName = basename(dir);
  try {
    const { kind, started, ended, ...metadata } = readQuickMetadata(
      Deno.readTextFileSync(path),
      path,
    );
    return {
      type: kind,
      name: metadata.name,
      alternativeName,
      path: dir,
      labels: metadata.labels,
      problem: null,
      startTimestamp: started,
      ...lifeOf({
        status: metadata.status,
        started,
        ended,
        running: () => runningState(dir),
      }),
    };
  } catch (error) {
    if (isNoSuchFile(error)) return undefined;
    if (!isOsError(error) && !(error instanceof DamagedFileError)) throw error;
    return {
      type: basename(dirname(dir)) === "artifacts" ? "Artifact" : "Run",
      name: alternativeName,
      alternativeName,
      path: dir,
      status: null,
      state: "done",
      startTimestamp: null,
      endTimestamp: null,
      durationMs: null,
      labels: [],
      problem: error.message,
    };
  }
}

/** What metadata say of a run's life. */
export interface RunLife {
  /** The status; null for an artifact. */
  readonly status: string | null;
  /** When it began. */
  readonly started: string;
  /** When it ended; null while it runs. */
  readonly ended: string | null;
  /** Finds out whether it goes on. */
  readonly running: () => {
    readonly state: NodeState;
    readonly lastMs: number;
  };
}

/** A run's life as it is true. */
export type TrueLife = Pick<
  NodeEntry,
  "status" | "state" | "endTimestamp" | "durationMs"
>;

/**
 * What is true of a run's life: one that says that it is running may have been killed.
 *
 * @param life What its metadata say.
 * @returns What is so.
 */
export function lifeOf({ status, started, ended, running }: RunLife): TrueLife {
  if (status !== "Running") {
    const durationMs = status === null ? null : span(started, ended);
    return { status, state: "done", endTimestamp: ended, durationMs };
  }
  const { state, lastMs } = running();
  if (state === "live") {
    const durationMs = Math.max(0, Date.now() - Date.parse(started));
    return { status, state, endTimestamp: null, durationMs };
  }
  const last = new Date(Math.max(lastMs, Date.parse(started)));
  return {
    status: state === "killed" ? "Error" : status,
    state,
    endTimestamp: state === "killed" ? last.toISOString() : null,
    durationMs: span(started, last.toISOString()),
  };
}

function span(started: string, ended: string | null): number | null {
  if (ended === null) return null;
  const ms = Date.parse(ended) - Date.parse(started);
  return Number.isNaN(ms) ? null : ms;
}
