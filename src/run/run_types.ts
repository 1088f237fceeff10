import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import type { RunMetadata, RunStatus } from "../format/metadata.ts";
import type { AppendLog } from "../local/append_log.ts";
import type { DiskSync } from "../local/disk_sync.ts";
import type { Document } from "../local/document.ts";
import type { Ownership } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import type {
  Delivery,
  PlacedNode,
  UploadIntent,
  UploadReport,
} from "../upload/types.ts";
import type { UploadOptions } from "../upload/placing/upload_options.ts";
import type { WaitOptions } from "../upload/wait_options.ts";
import type { AttemptLog } from "./attempt_log.ts";
import type { Hparams } from "./hparams.ts";
import type { MetricsLog } from "./metrics_log.ts";

/** Options of {@linkcode Run.upload}. */
export interface RunUploadOptions extends UploadOptions, WaitOptions {
  /** Ends the upload when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
}

/** Options of {@linkcode Run.finish}. */
export interface FinishOptions extends WaitOptions {
  /**
   * What became of the run: `"Error"` where a script knows that it has failed, for example because the command that it
   * ran did. Default: `"Complete"`.
   */
  readonly status?: "Complete" | "Error";
}

/** What became of a run's background upload; `off` if there was none. */
export type UploadResult = UploadReport | { readonly state: "off" };

/** What {@linkcode Run.finish} answers. */
export interface FinishResult {
  /** The run's status. */
  readonly status: RunStatus;
  /** What became of the background upload. */
  readonly upload: UploadResult;
}

/** The parts that a run is made of. */
export interface RunParts<T extends object> {
  /** The run directory. */
  readonly dir: string;
  /** What `metadata.yaml` holds. */
  readonly metadata: RunMetadata;
  /** The document `metadata.yaml`. */
  readonly document: Document;
  /** The hyperparameters. */
  readonly hparams: Hparams<T>;
  /** The metric files. */
  readonly metricsLog: MetricsLog;
  /** The log of what is printed. */
  readonly log: AppendLog;
  /** What `platform.yaml` holds. */
  readonly platform: PlatformFacts;
  /** What `git.yaml` holds. */
  readonly git: GitFacts;
  /** The attempts, if this is not the first one. */
  readonly attempts: AttemptLog | undefined;
  /** The claim on the directory. */
  readonly ownership: Ownership;
  /** Ends the capture of the console and closes its log. */
  readonly endCapture: () => void;
  /** Brings what is written to the disk, if that is wanted. */
  readonly diskSync: DiskSync | undefined;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
  /** Told when the run holds nothing any more. */
  readonly onReleased: () => void;
}

/** A run's background upload, before it has begun. */
export interface BackgroundUpload {
  /** The server's address. */
  readonly host: string;
  /** Where on the server the run is to go. */
  readonly intent: UploadIntent;
  /** Begins the delivery; `onPlaced` is to be told of the node. */
  readonly start: (onPlaced: (node: PlacedNode) => void) => Promise<Delivery>;
}

/** A run's background upload, as it goes on. */
export interface StartedUpload extends Omit<BackgroundUpload, "start"> {
  /** The delivery. */
  readonly delivery: Delivery;
}
