import { dirname, join } from "@std/path";
import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import type { RunMetadata } from "../format/metadata.ts";
import { AppendLog } from "../local/append_log.ts";
import { DiskSync } from "../local/disk_sync.ts";
import type { Document } from "../local/document.ts";
import { RUN_FILES } from "../local/layout.ts";
import type { Ownership } from "../local/owner.ts";
import { shownPath } from "../local/shown_path.ts";
import type { Reporter } from "../reporter.ts";
import type { AttemptLog } from "./attempt_log.ts";
import type { Durability } from "./durability.ts";
import { captureConsole } from "./console_capture.ts";
import type { OwnMap } from "./hparam_values.ts";
import { createHparams } from "./hparams.ts";
import { rememberLive } from "./live_runs.ts";
import { MetricsLog } from "./metrics_log.ts";
import { newRun, type Run } from "./run.ts";

/** A run directory whose documents are there and which this process owns. */
export interface RunBasis {
  /** The run directory. */
  readonly dir: string;
  /** What `metadata.yaml` holds. */
  readonly metadata: RunMetadata;
  /** The documents that change while a run lives. */
  readonly documents: {
    readonly metadata: Document;
    readonly index: Document;
    readonly hyperparameters: Document;
  };
  /** What `hyperparameters.yaml` holds, owned by the run from now on. */
  readonly hparams: OwnMap;
  /** Writes a version of `hyperparameters.yaml`. */
  readonly encodeHparams: (all: OwnMap) => string;
  /** The metric types that there are. */
  readonly types: readonly string[];
  /** What `platform.yaml` holds. */
  readonly platform: PlatformFacts;
  /** What `git.yaml` holds. */
  readonly git: GitFacts;
  /** The attempts. Default: this is the first one. */
  readonly attempts?: AttemptLog;
  /** The claim on the directory. */
  readonly ownership: Ownership;
  /** Whether what the script prints is copied into the run's log. */
  readonly captureConsole: boolean;
  /** What the run is to survive. */
  readonly durability: Durability;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/**
 * Makes a live run of its directory, new or continued.
 *
 * @param basis What there is.
 * @returns The run.
 */
export function assembleRun<T extends object>(basis: RunBasis): Run<T> {
  const { dir, documents, encodeHparams, attempts } = basis;
  const log = new AppendLog(join(dir, RUN_FILES.log));
  log.append("");
  const endCapture = basis.captureConsole ? captureConsole(log) : () => {};
  const diskSync = basis.durability === "power"
    ? startDiskSync(basis, log)
    : undefined;
  const run: Run<T> = newRun<T>({
    dir,
    metadata: basis.metadata,
    document: documents.metadata,
    hparams: createHparams<T>(
      basis.hparams,
      (all) => void documents.hyperparameters.write(encodeHparams(all)),
    ),
    metricsLog: new MetricsLog({
      dir,
      index: documents.index,
      types: basis.types,
      startsIn: (file) => attempts?.startsIn(file) ?? [],
      onFile: (file) => diskSync?.addLog(file),
    }),
    log,
    platform: basis.platform,
    git: basis.git,
    attempts,
    ownership: basis.ownership,
    endCapture: () => {
      endCapture();
      log.close();
    },
    diskSync,
    reporter: basis.reporter,
    onReleased: () => forget(),
  });
  const forget = rememberLive(run);
  return run;
}

/** Begins with all that is there already. */
function startDiskSync(
  { dir, documents, attempts, reporter }: RunBasis,
  log: AppendLog,
): DiskSync {
  const diskSync = new DiskSync({
    onError: (path, error) =>
      reporter.warn(
        `disk sync ${dir}`,
        `Cannot make sure that "${path}" survives a power failure: ${error.message}`,
      ),
  });
  for (const file of Object.values(RUN_FILES)) {
    diskSync.addLog(new AppendLog(join(dir, file)));
  }
  diskSync.addLog(log);
  for (const document of Object.values(documents)) {
    diskSync.addDocument(document);
  }
  if (attempts !== undefined) {
    diskSync.addLog(new AppendLog(attempts.document.path));
    diskSync.addDocument(attempts.document);
  }
  diskSync.addDirectory(dirname(dir));
  return diskSync;
}

/** What {@linkcode sayStart} says, and to whom. */
export interface StartWords {
  /** What becomes of the run, such as `is recorded`. */
  readonly verb: string;
  /** What missing permissions hide. */
  readonly leftOut: readonly string[];
  /** Takes the sentences. */
  readonly reporter: Reporter;
}

/**
 * Says where a run is recorded, and what is left out of it.
 *
 * @param run The run's name and directory.
 * @param words What to say.
 */
export function sayStart(
  run: { readonly name: string; readonly local: string },
  { verb, leftOut, reporter }: StartWords,
): void {
  reporter.info(`Run "${run.name}" ${verb} in "${shownPath(run.local)}"`);
  if (leftOut.length > 0) {
    reporter.warn(
      "left out",
      `Left out for want of a permission: ${leftOut.join(", ")}`,
    );
  }
}
