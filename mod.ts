/**
 * Experiment tracking for Deno: create a run, log to it, finish it. Everything is in a local directory at once, and, with
 * `autoUpload`, on an AIStore server soon after.
 *
 * @example
 * ```ts
 * import { createRun } from "@t9k/em";
 *
 * const run = await createRun({ name: "cnn", hparams: { batch_size: 32, lr: 0.001 } });
 * for (let step = 1; step <= 100; step++) {
 *   run.log("train", { loss: 1 / step }, { step });
 * }
 * await run.finish();
 * ```
 *
 * @module
 */
import "./src/notebook/draw_here.ts";

export { createRun } from "./src/run/create_run.ts";
export type { CreateRunOptions } from "./src/run/create_run_options.ts";
export type { SystemMetricsOptions } from "./src/system/system_metrics_options.ts";
export type { Durability } from "./src/run/durability.ts";
export type { Resume } from "./src/run/resume.ts";
export type { Attempt, AttemptStatus } from "./src/format/attempts.ts";
export { loadRun } from "./src/run/load_run.ts";
export { joinRun } from "./src/run/join_run.ts";
export type { JoinRunOptions } from "./src/run/join_run_options.ts";
export type { JoinedRun } from "./src/run/joined_run.ts";
export type { LoadRunOptions } from "./src/run/load_run_options.ts";
export { liveRuns } from "./src/run/live_runs.ts";
export { Run } from "./src/run/run.ts";
export type {
  AssetReference,
  MarkableArtifact,
} from "./src/run/association_of.ts";
export type {
  ExecCommand,
  ExecOptions,
  ExecResult,
} from "./src/run/exec_options.ts";
export type {
  FinishOptions,
  FinishResult,
  RunUploadOptions,
  UploadResult,
} from "./src/run/run_types.ts";
export type { WaitOptions } from "./src/upload/wait_options.ts";
export type { LogPosition, Metrics } from "./src/run/metrics_log.ts";
export type {
  Hparams,
  HparamsMethods,
  UpdateHparamsOptions,
} from "./src/run/hparams.ts";
export type { AnyHparams, HparamValue } from "./src/run/hparam_values.ts";
export type {
  MimeBundle,
  RunWatch,
  WatchOptions,
} from "./src/display/types.ts";
export { compareRuns } from "./src/notebook/compare_runs.ts";
export type { ComparableRun } from "./src/notebook/compare_runs.ts";
export type {
  ComparedHparam,
  ComparedMetric,
  ComparedMetricValue,
  ComparedPoint,
  ComparedRun,
  RunComparisonData,
} from "./src/notebook/comparison_data.ts";
export type { RunComparison } from "./src/notebook/comparison.ts";
export { createArtifact } from "./src/artifact/create_artifact.ts";
export type { CreateArtifactOptions } from "./src/artifact/create_artifact.ts";
export { loadArtifact } from "./src/artifact/load_artifact.ts";
export type { LoadArtifactOptions } from "./src/artifact/load_artifact.ts";
export { Artifact } from "./src/artifact/artifact.ts";
export type { ArtifactUploadOptions } from "./src/artifact/artifact.ts";
export type {
  ArtifactFile,
  ArtifactObject,
  ArtifactReference,
} from "./src/artifact/stored_objects.ts";
export type { ArtifactMetadata } from "./src/format/artifact_metadata.ts";
export { upload } from "./src/upload_directory.ts";
export type {
  UploadDirectoryOptions,
  UploadedDirectory,
} from "./src/upload_directory.ts";
export { login } from "./src/aistore/login.ts";
export type { LoginOptions, LoginResult } from "./src/aistore/login.ts";
export { logout } from "./src/aistore/session.ts";
export type { ResolveTargetOptions } from "./src/aistore/session.ts";
export type {
  ArtifactAssociation,
  AssetAssociation,
  Association,
  Associations,
  RunMetadata,
  RunStatus,
} from "./src/format/metadata.ts";
export type { RemoteRecord } from "./src/format/remote_record.ts";
export type {
  MetricRecord,
  MetricSequence,
} from "./src/format/metric_record.ts";
export type { GitFacts, PlatformFacts } from "./src/format/environment.ts";
export type {
  ConflictStrategy,
  FileTrouble,
  KnownNode,
  PlacedNode,
  UploadReport,
} from "./src/upload/types.ts";
export type { DestinationOptions } from "./src/upload/placing/resolve_destination.ts";
export type { UploadOptions } from "./src/upload/placing/upload_options.ts";
export type { Reporter } from "./src/reporter.ts";
export * from "./src/errors.ts";
