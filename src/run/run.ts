import { theNotebook } from "../display/notebook.ts";
import type { MimeBundle, RunWatch, WatchOptions } from "../display/types.ts";
import type { Attempt } from "../format/attempts.ts";
import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import { firstAttempt } from "../format/first_attempt.ts";
import {
  type Associations,
  decodeRunMetadata,
  encodeRunMetadata,
  type RunMetadata,
  type RunStatus,
} from "../format/metadata.ts";
import type { MetricRecord } from "../format/metric_record.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import type { UploadReport } from "../upload/types.ts";
import { checkWait, type WaitOptions } from "../upload/wait_options.ts";
import type { AssetReference, MarkableArtifact } from "./association_of.ts";
import { execCommand } from "./exec_command.ts";
import type { ExecCommand, ExecOptions, ExecResult } from "./exec_options.ts";
import type { AnyHparams } from "./hparam_values.ts";
import type { Hparams } from "./hparams.ts";
import { KeptMetadata } from "./kept_metadata.ts";
import type { LogPosition, Metrics } from "./metrics_log.ts";
import type {
  FinishOptions,
  FinishResult,
  RunParts,
  RunUploadOptions,
  UploadResult,
} from "./run_types.ts";
import { inspectRun } from "./inspect_run.ts";
import { readRankMetrics } from "./rank_metrics.ts";
import { RunLife } from "./run_life.ts";
import { beginLife } from "./run_lives.ts";
import { checkStatus } from "./run_words.ts";
import { uploadHeldRun } from "./upload_run.ts";

let construct: <T extends object>(parts: RunParts<T>) => Run<T>;

/**
 * One training, or one part of it: its hyperparameters, metrics and circumstances. Made by {@linkcode createRun}, and
 * continued by {@linkcode loadRun}.
 *
 * Everything it is told is in its local directory when the call has returned, and survives the end of the process in
 * any way. With `autoUpload` the directory is copied to the server in the background.
 *
 * @typeParam T The type of the hyperparameters, as passed to `createRun`.
 *
 * @example
 * ```ts
 * import { createRun } from "@t9k/em";
 *
 * const run = await createRun({ name: "linear", hparams: { lr: 0.1 } });
 * for (let step = 1; step <= 3; step++) {
 *   run.log("train", { loss: run.hparams.lr / step }, { step });
 * }
 * await run.finish();
 * ```
 */
export class Run<T extends object = AnyHparams> implements AsyncDisposable {
  /**
   * The hyperparameters: an object with the type of what was passed in, live, and with the methods `update` and
   * `toDict`.
   */
  readonly hparams: Hparams<T>;
  readonly #parts: RunParts<T>;
  readonly #metadata: KeptMetadata;
  readonly #life: RunLife;

  static {
    construct = (parts) => new Run(parts);
  }

  private constructor(parts: RunParts<T>) {
    this.#parts = parts;
    this.#metadata = new KeptMetadata(parts.metadata, parts.document);
    this.hparams = parts.hparams;
    this.#life = beginLife(this, new RunLife(parts, this.#metadata));
  }

  /** The name. */
  get name(): string {
    return this.#metadata.value.name;
  }

  /** The labels. */
  get labels(): readonly string[] {
    return [...this.#metadata.value.labels];
  }

  /** The description. */
  get description(): string {
    return this.#metadata.value.description;
  }

  /** When the run began: local time with offset, ISO 8601 with microseconds. */
  get startTimestamp(): string {
    return this.#metadata.value.startTimestamp;
  }

  /** When the run ended, in the form of `startTimestamp`; null while it goes on. */
  get endTimestamp(): string | null {
    return this.#metadata.value.endTimestamp;
  }

  /** `Running`, `Complete` or what {@linkcode Run.finish} was told, `Error` if the process ended without it. */
  get status(): RunStatus {
    return this.#metadata.value.status;
  }

  /** The name of the run directory, unique in practice: `<name>_<yymmdd>_<HHMMSS>_<6 random letters and digits>`. */
  get alternativeName(): string {
    return this.#metadata.value.alternativeName;
  }

  /** What the run used and produced. */
  get associations(): Associations {
    return structuredClone(this.#metadata.value.associations);
  }

  /** Which attempt at the run this is: 1 for a new run, one more each time it is resumed or loaded. */
  get attempt(): number {
    return this.#parts.attempts?.all.length ?? 1;
  }

  /** The attempts at the run, from the first on; the last one is this process's. */
  get attempts(): readonly Attempt[] {
    const { attempts, platform: { hostname } } = this.#parts;
    return structuredClone(attempts?.all) ??
      [firstAttempt(this.#metadata.value, { pid: Deno.pid, hostname })];
  }

  /**
   * All that was logged, by metric type, without what an attempt has recorded from the step on with which a later one
   * resumes; the files keep that, too. What ranks have logged stands under `train@rank1` and so on. Each access reads the
   * metric files, so memory does not grow with the length of the run; keep the answer if you need it more than once.
   */
  get metrics(): Record<string, MetricRecord[]> {
    const { dir, attempts, metricsLog } = this.#parts;
    const startsIn = (file: string) => attempts?.startsIn(file) ?? [];
    return { ...metricsLog.read(), ...readRankMetrics(dir, startsIn) };
  }

  /** The machine and the runtime, as in `platform.yaml`. */
  get platform(): PlatformFacts {
    return structuredClone(this.#parts.platform);
  }

  /** The script and its repository, as in `git.yaml`. */
  get git(): GitFacts {
    return { ...this.#parts.git };
  }

  /** Where the run was uploaded to and downloaded from, oldest first. */
  get remote(): readonly RemoteRecord[] {
    return structuredClone(this.#metadata.value.remote);
  }

  /** The absolute path of the run directory. Files put there are uploaded with the run. */
  get local(): string {
    return this.#parts.dir;
  }

  /**
   * Logs metrics. When this has returned, the record survives the end of the process, `SIGKILL` included; it never waits
   * for a network.
   *
   * @param type What was measured on, such as `train`, `val` or `test`: a safe file name of at most 128 characters.
   *   `training` is folded to `train`; `validate` and `validation` to `val`; `testing`, `eval`, `evaluate` and
   *   `evaluation` to `test`.
   * @param metrics The values by name. NaN and infinities are kept.
   * @param position The step, and the epoch if there is one.
   * @throws {TypeError} If an argument has the wrong type; the message names the metric. Nothing is written then.
   * @throws {RangeError} If the type is no safe file name, or step or epoch is not finite. Nothing is written then.
   * @throws {Deno.errors} If the local disk refuses the record, for example because it is full.
   */
  log(type: string, metrics: Metrics, position: LogPosition): void {
    this.#parts.metricsLog.append(type, metrics, position);
    this.#life.recorded();
  }

  /**
   * The step that was logged last, by this attempt or those before: where a script goes on that has no checkpoint of its
   * own.
   *
   * @param type The metric type. Default: `"train"`.
   * @returns The step; undefined if nothing of that type was logged.
   * @throws {RangeError} If the type is no safe file name.
   */
  lastStep(type = "train"): number | undefined {
    return this.#parts.metricsLog.lastStep(type);
  }

  /**
   * Notes that the run used something. With `autoUpload` the server learns of it within seconds: an artifact that is not
   * there yet is uploaded to the run's folder, and an edge leads from it to the run.
   *
   * @param resource An artifact, or an asset of the Asset Hub. What is marked already stays as it is.
   * @throws {TypeError} If it is neither; nothing is noted then.
   * @throws {Deno.errors} If the local disk refuses the note, for example because it is full.
   *
   * @example
   * ```ts
   * import { createArtifact, createRun } from "@t9k/em";
   *
   * const dataset = await createArtifact({ name: "mnist" });
   * const run = await createRun({ name: "cnn" });
   * run.markInput(dataset);
   * await run.finish();
   * ```
   */
  markInput(resource: MarkableArtifact | AssetReference): void {
    if (this.#metadata.mark("input", resource)) this.#life.recorded();
  }

  /**
   * Notes that the run produced something. With `autoUpload` the server learns of it within seconds: an artifact that is
   * not there yet is uploaded to the run's folder, and an edge leads from the run to it.
   *
   * @param resource An artifact, or an asset of the Asset Hub. What is marked already stays as it is.
   * @throws {TypeError} If it is neither; nothing is noted then.
   * @throws {Deno.errors} If the local disk refuses the note, for example because it is full.
   */
  markOutput(resource: MarkableArtifact | AssetReference): void {
    if (this.#metadata.mark("output", resource)) this.#life.recorded();
  }

  /**
   * Runs a command as a part of the run, such as a training in Python, to its end. What it prints is shown and kept in
   * `stdout.log` at once, and `EM_RUN_DIR` in its environment is the run directory, for files of its own. A line
   * `EM_METRICS {"type":"train","step":1,"epoch":1,"metrics":{"loss":0.3}}` on stdout is logged as by {@linkcode Run.log}
   * and not shown; with `"rank":1` in it as of a rank that has joined the run, see {@linkcode joinRun}. NaN and infinities stand there as Python's `json` writes them, or in quotes. A line that cannot be
   * read, or is longer than 1 MiB, is ordinary output. Needs `--allow-run` for the program.
   *
   * @param command The program and its arguments; no shell looks at them.
   * @param options How to run it.
   * @returns How it ended: a program that fails is no error here.
   * @throws {TypeError} If an argument has the wrong type, or the run is over.
   * @throws {PermissionError} If the program may not be run.
   * @throws {CommandError} If there is no such program or directory, or the system refuses.
   */
  exec(command: ExecCommand, options: ExecOptions = {}): Promise<ExecResult> {
    const isOver = () => this.#life.isOver;
    const run = { ...this.#parts, run: this, isOver };
    return execCommand(command, options, run);
  }

  /**
   * Waits until the server has everything that was recorded so far.
   *
   * @param options How long to wait.
   * @returns What arrived and what is pending; never an error because of the server.
   */
  async flush(options: WaitOptions = {}): Promise<UploadResult> {
    return await this.#life.flush(checkWait(options));
  }

  /**
   * Ends the run: its status becomes `Complete`, or `Error` if so told, on disk at once, then the background upload, if there is one, is given
   * time to deliver the rest, and progress is shown. What is still pending afterwards is safe in the run directory; the
   * command that completes it is printed, also when Ctrl-C ends the wait.
   *
   * @param options The status, and how long to wait for the server.
   * @returns Status and upload; a second call returns the same promise. Never an error because of the server.
   * @throws {RangeError} If an option has a value that is not allowed.
   * @throws {Deno.errors} If the local disk refuses the status, for example because it is full: the run goes on then, and
   *   can be finished later.
   */
  finish(options: FinishOptions = {}): Promise<FinishResult> {
    return this.#life.finish(checkWait(options), checkStatus(options));
  }

  /**
   * Ends the run as {@linkcode Run.finish} does, at the end of an `await using` block. An error that leaves the block
   * does not change that: the status becomes `Complete`.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
  }

  /**
   * Shows the run in the output of a notebook's cell, live: status, hyperparameters, last values and curves, which change
   * in place while other cells run, until the run ends. Outside a notebook it shows nothing, and says so once.
   *
   * Only what is new is read, between the steps of the training: a loop that never awaits anything is shown at its end.
   *
   * @param options How often.
   * @returns Ends it before the run does.
   * @throws {TypeError} If an option has the wrong type.
   * @throws {RangeError} If an option has a value that is not allowed.
   */
  watch(options: WatchOptions = {}): RunWatch {
    const { local, name, alternativeName } = this;
    const onOver = (settle: () => Promise<void>) => this.#life.onOver(settle);
    return theNotebook().watch(
      { local, name, alternativeName, onOver },
      options,
    );
  }

  /**
   * Shows the run as it is now, as the last value of a notebook's cell: as HTML and as text.
   *
   * @returns The forms by MIME type.
   */
  [Symbol.for("Jupyter.display")](): Promise<MimeBundle> {
    return theNotebook().drawRun(this);
  }

  /**
   * What `console.log` prints of the run.
   *
   * @param inspect `Deno.inspect`.
   * @param options Its options.
   * @returns A few lines.
   */
  [Symbol.for("Deno.customInspect")](
    inspect: typeof Deno.inspect,
    options: Deno.InspectOptions,
  ): string {
    return inspectRun(this, (value) => inspect(value, options));
  }

  /**
   * Uploads the run as it is now, in addition to any background upload. Only files that the server does not have yet are
   * sent.
   *
   * @param options Where to, and how long it may take.
   * @returns What arrived. A server that cannot be reached leaves files pending; that is no error.
   * @throws {NotLoggedInError} If no server is known.
   * @throws {AuthenticationError} If the server refuses the API key.
   * @throws {FolderNotFoundError} If the folder does not exist and `makeFolder` is not set.
   * @throws {NodeExistsError} If the name is taken and the strategy does not allow to go on.
   */
  upload(options: RunUploadOptions = {}): Promise<UploadReport> {
    return uploadHeldRun(this.#parts, this.#metadata, options);
  }

  /**
   * The run as plain data.
   *
   * @returns The content of `metadata.yaml`, not connected with the run.
   */
  toDict(): RunMetadata {
    return structuredClone(this.#metadata.value);
  }

  /**
   * Takes the run's description from plain data, as {@linkcode Run.toDict} makes it, and saves it. The alternative name
   * stays: it is the name of the directory.
   *
   * @param data The content of a `metadata.yaml`.
   * @throws {DamagedFileError} If a key is missing or has the wrong type; nothing is changed then.
   */
  parseFromDict(data: RunMetadata): void {
    const copy = decodeRunMetadata(encodeRunMetadata(data), "parseFromDict");
    this.#metadata.save({ ...copy, alternativeName: this.alternativeName });
  }
}

/** Makes a run of its parts. */
export function newRun<T extends object>(parts: RunParts<T>): Run<T> {
  return construct(parts);
}
