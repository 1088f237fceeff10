import { join } from "@std/path";
import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import { keepText } from "../format/kept_text.ts";
import { encodeRunMetadata, type RunMetadata } from "../format/metadata.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { encodeIndex } from "../format/run_index.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import {
  metricFile,
  METRICS_DIR,
  RUN_FILES,
  stateDir,
} from "../local/layout.ts";
import { claim, readOwner } from "../local/owner.ts";
import { rankDir, rankMetricFiles, ranksIn } from "../local/rank_files.ts";
import type { Reporter } from "../reporter.ts";
import { assembleRun } from "./assemble_run.ts";
import { AttemptLog } from "./attempt_log.ts";
import type { Durability } from "./durability.ts";
import { readRunDirectory, type RunContent } from "./read_run_directory.ts";
import type { Run } from "./run.ts";
import { repairTorn } from "./torn_metrics.ts";

/** What {@linkcode continueRun} adds to what is there. */
export interface Continuation {
  /** The record of the download with which the run came. */
  readonly record?: RemoteRecord;
  /** This machine and runtime. */
  readonly platform: PlatformFacts;
  /** This script and its repository. */
  readonly git: GitFacts;
  /** Whether it goes on from a checkpoint, so that what was recorded from its first step on is replaced. */
  readonly resumes: boolean;
  /** Whether what the script prints is copied into the run's log. */
  readonly captureConsole: boolean;
  /** What the run is to survive. */
  readonly durability: Durability;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/** A run that goes on. */
export interface ContinuedRun<T extends object> {
  /** The run. */
  readonly run: Run<T>;
  /** Leaves its documents as they were. */
  readonly undo: () => void;
}

/**
 * Takes a run directory over from whoever has written it, and begins a further attempt in it.
 *
 * @param dir The run directory.
 * @param options What is added to what is there.
 * @returns The run.
 * @throws {DamagedFileError} If a file of the run is missing or damaged; then nothing is changed.
 * @throws {InUseError} If the run is being written.
 */
export function continueRun<T extends object>(
  dir: string,
  options: Continuation,
): ContinuedRun<T> {
  Deno.mkdirSync(stateDir(dir), { recursive: true });
  const owner = readOwner(dir);
  const ownership = claim(dir, {
    pid: Deno.pid,
    hostname: options.platform.hostname,
    since: formatTimestamp(),
  });
  let attempts: AttemptLog | undefined;
  try {
    const content = readRunDirectory(dir);
    noteContinuation(dir, { ...options, previous: content.metadata });
    repairTorn(content.torn, options.reporter);
    attempts = AttemptLog.begin(dir, {
      metadata: content.metadata,
      hostname: content.platform.hostname,
      owner,
      files: [
        ...content.types.map(metricFile),
        RUN_FILES.log,
        ...rankMetricFiles(dir),
        ...ranksIn(dir).map((rank) => `${rankDir(rank)}/${RUN_FILES.log}`),
      ],
      here: options.platform.hostname,
      resumes: options.resumes,
    });
    const metadata = takeUp(dir, content, options.record);
    const { captureConsole, durability, reporter } = options;
    const run = assembleRun<T>({
      ...content,
      dir,
      metadata,
      encodeHparams: keepText(content.hparamsText),
      attempts,
      ownership,
      captureConsole,
      durability,
      reporter,
    });
    const begun = attempts;
    const undo = () => {
      content.documents.metadata.write(content.metadataText);
      begun.undo();
      ownership.restore();
    };
    return { run, undo };
  } catch (error) {
    try {
      attempts?.undo();
    } finally {
      ownership.restore();
      ownership.release();
    }
    throw error;
  }
}

/** Writes the documents that say that the run goes on. */
function takeUp(
  dir: string,
  { documents, indexed, types, metadata }: RunContent,
  record: RemoteRecord | undefined,
): RunMetadata {
  Deno.mkdirSync(join(dir, METRICS_DIR), { recursive: true });
  if (types.length > indexed.length) documents.index.write(encodeIndex(types));
  const { remote } = metadata;
  const running: RunMetadata = {
    ...metadata,
    status: "Running",
    endTimestamp: null,
    remote: record === undefined ? remote : [...remote, record],
  };
  documents.metadata.write(encodeRunMetadata(running));
  return running;
}

/** The run's own documents speak of its beginning, so what is known of a continuation stands beside them. */
function noteContinuation(
  dir: string,
  { platform, git, previous }: {
    readonly platform: PlatformFacts;
    readonly git: GitFacts;
    readonly previous: RunMetadata;
  },
): void {
  const { status, endTimestamp } = previous;
  const line = {
    timestamp: formatTimestamp(),
    pid: Deno.pid,
    previous: { status, endTimestamp },
    platform,
    git,
  };
  Deno.writeTextFileSync(
    join(stateDir(dir), "continued.jsonl"),
    JSON.stringify(line) + "\n",
    { append: true },
  );
}
