import type { GitFacts, PlatformFacts } from "../format/environment.ts";
import {
  type Associations,
  decodeRunMetadata,
  encodeRunMetadata,
  type RunMetadata,
  type RunStatus,
} from "../format/metadata.ts";
import type { MetricRecord } from "../format/metric_record.ts";
import type { RemoteRecord } from "../format/remote_record.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import type { Document } from "../local/document.ts";
import type { Ownership } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import { sayOutcome } from "../upload/say_outcome.ts";
import type {
  Delivery,
  PlacedNode,
  UploadIntent,
  UploadReport,
} from "../upload/types.ts";
import type { UploadOptions } from "../upload/upload_options.ts";
import { withUploadRecord } from "../upload/upload_record.ts";
import { uploadNode } from "../upload/upload_node.ts";
import { checkWait, type WaitOptions } from "../upload/wait_options.ts";
import type { AnyHparams } from "./hparam_values.ts";
import type { Hparams } from "./hparams.ts";
import { watchOver } from "./lifecycle.ts";
import type { LogPosition, Metrics, MetricsLog } from "./metrics_log.ts";
import { runNode } from "./upload_run.ts";

/** Options of {@linkcode Run.upload}. */
export interface RunUploadOptions extends UploadOptions, WaitOptions {
  /** Ends the upload when it is aborted. Default: none. */
  readonly signal?: AbortSignal;
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
interface RunParts<T extends object> {
  readonly dir: string;
  readonly metadata: RunMetadata;
  readonly document: Document;
  readonly hparams: Hparams<T>;
  readonly metricsLog: MetricsLog;
  readonly platform: PlatformFacts;
  readonly git: GitFacts;
  readonly ownership: Ownership;
  /** Ends the capture of the console and closes its log. */
  readonly endCapture: () => void;
  readonly reporter: Reporter;
}

/** A run's background upload, before it has begun. */
export interface BackgroundUpload {
  /** Where the run is to go. */
  readonly intent: UploadIntent;
  /** Begins the delivery; `onPlaced` is to be told of the node. */
  readonly start: (onPlaced: (node: PlacedNode) => void) => Promise<Delivery>;
}

/** How long a program that has come to its end without `finish` goes on for its delivery. */
const IDLE_WAIT_MS = 10_000;

let construct: <T extends object>(parts: RunParts<T>) => Run<T>;
let attach: (run: Run<object>, upload: BackgroundUpload) => Promise<Delivery>;
let discard: (run: Run<object>) => void;

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
  #metadata: RunMetadata;
  #delivery: Delivery | undefined;
  #intent: UploadIntent | undefined;
  #unwatch: () => void;
  #finished: Promise<FinishResult> | undefined;

  static {
    construct = (parts) => new Run(parts);
    attach = (run, upload) => run.#attach(upload);
    discard = (run) => run.#close();
  }

  private constructor(parts: RunParts<T>) {
    this.#parts = parts;
    this.#metadata = parts.metadata;
    this.hparams = parts.hparams;
    this.#unwatch = watchOver({
      ending: () => this.#markError(),
      survived: () => this.#markRunning(),
      idle: () => this.#comeToRest(),
      last: (timeoutMs) => void this.#delivery?.finishBlocking(timeoutMs),
    });
  }

  /** The name. */
  get name(): string {
    return this.#metadata.name;
  }

  /** The labels. */
  get labels(): readonly string[] {
    return [...this.#metadata.labels];
  }

  /** The description. */
  get description(): string {
    return this.#metadata.description;
  }

  /** When the run began: local time with offset, ISO 8601 with microseconds. */
  get startTimestamp(): string {
    return this.#metadata.startTimestamp;
  }

  /** When the run ended, in the form of `startTimestamp`; null while it goes on. */
  get endTimestamp(): string | null {
    return this.#metadata.endTimestamp;
  }

  /** `Running`, `Complete` after {@linkcode Run.finish}, `Error` if the process ended without it. */
  get status(): RunStatus {
    return this.#metadata.status;
  }

  /** The name of the run directory, unique in practice: `<name>_<yymmdd>_<HHMMSS>_<6 random letters and digits>`. */
  get alternativeName(): string {
    return this.#metadata.alternativeName;
  }

  /** What the run used and produced. */
  get associations(): Associations {
    return structuredClone(this.#metadata.associations);
  }

  /**
   * All that was logged, by metric type. Each access reads the metric files, so memory does not grow with the length of
   * the run; keep the answer if you need it more than once.
   */
  get metrics(): Record<string, MetricRecord[]> {
    return this.#parts.metricsLog.read();
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
    return structuredClone(this.#metadata.remote);
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
    if (this.#finished !== undefined) this.#afterFinish();
  }

  /**
   * Waits until the server has everything that was recorded so far.
   *
   * @param options How long to wait.
   * @returns What arrived and what is pending; never an error because of the server.
   */
  async flush(options: WaitOptions = {}): Promise<UploadResult> {
    return await this.#delivery?.flush({ timeoutMs: checkWait(options) }) ??
      { state: "off" };
  }

  /**
   * Ends the run: its status becomes `Complete` on disk at once, then the background upload, if there is one, is given
   * time to deliver the rest. What is still pending afterwards is safe in the run directory, and `em upload` completes it.
   *
   * @param options How long to wait for the server.
   * @returns Status and upload; a second call returns the same promise. Never an error because of the server.
   */
  finish(options: WaitOptions = {}): Promise<FinishResult> {
    this.#finished ??= this.#finish(checkWait(options));
    return this.#finished;
  }

  /**
   * Ends the run as {@linkcode Run.finish} does, at the end of an `await using` block. An error that leaves the block
   * does not change that: the status becomes `Complete`.
   */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
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
    const { dir, reporter } = this.#parts;
    return uploadNode({
      dir,
      node: runNode(this.#metadata),
      recordUpload: (node) =>
        this.#save(withUploadRecord(this.#metadata, node, formatTimestamp())),
      reporter,
    }, { ...options, timeoutMs: checkWait(options) });
  }

  /**
   * The run as plain data.
   *
   * @returns The content of `metadata.yaml`, not connected with the run.
   */
  toDict(): RunMetadata {
    return structuredClone(this.#metadata);
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
    this.#save({ ...copy, alternativeName: this.alternativeName });
  }

  async #attach({ intent, start }: BackgroundUpload): Promise<Delivery> {
    this.#intent = intent;
    this.#delivery = await start((node) =>
      this.#save(withUploadRecord(this.#metadata, node, formatTimestamp()))
    );
    return this.#delivery;
  }

  async #finish(timeoutMs: number): Promise<FinishResult> {
    this.#save({
      ...this.#metadata,
      status: "Complete",
      endTimestamp: formatTimestamp(),
    });
    this.#close();
    const upload: UploadResult = await this.#delivery?.finish({ timeoutMs }) ??
      { state: "off" };
    if (upload.state !== "off" && this.#intent !== undefined) {
      const { dir, reporter } = this.#parts;
      sayOutcome(upload, {
        kind: "Run",
        name: this.name,
        dir,
        intent: this.#intent,
        reporter,
      });
    }
    return { status: this.status, upload };
  }

  #comeToRest(): Promise<void> | undefined {
    const delivery = this.#delivery;
    return delivery?.flush({ timeoutMs: IDLE_WAIT_MS }).then(({ state }) => {
      // A request that hangs would keep the process alive for much longer.
      if (state === "pending") delivery.close();
    });
  }

  #close(): void {
    this.#unwatch();
    this.#parts.endCapture();
    this.#parts.metricsLog.close();
    this.#parts.ownership.release();
  }

  #afterFinish(): void {
    this.#parts.metricsLog.close();
    this.#parts.reporter.warn(
      `after finish ${this.#parts.dir}`,
      `Run "${this.name}" was logged to after finish(): the records are kept in "${this.local}", ` +
        `but only a new upload takes them to the server`,
    );
  }

  #save(metadata: RunMetadata): void {
    this.#parts.document.write(encodeRunMetadata(metadata));
    this.#metadata = metadata;
  }

  #markError(): void {
    if (this.status !== "Running") return;
    this.#saveAtEnd({
      ...this.#metadata,
      status: "Error",
      endTimestamp: formatTimestamp(),
    });
  }

  #markRunning(): void {
    if (this.status !== "Error" || this.#finished !== undefined) return;
    this.#saveAtEnd({
      ...this.#metadata,
      status: "Running",
      endTimestamp: null,
    });
  }

  /** Saves while the process ends. An error here would change its exit code, so it is only told. */
  #saveAtEnd(metadata: RunMetadata): void {
    try {
      this.#save(metadata);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.reporter.warn(
        `status ${this.local}`,
        `Cannot note that run "${this.name}" has ended with status "${metadata.status}": ${reason}`,
      );
    }
  }
}

/** Makes a run of its parts. */
export function newRun<T extends object>(parts: RunParts<T>): Run<T> {
  return construct(parts);
}

/** Starts a run's background delivery. */
export function attachDelivery(
  run: Run<object>,
  upload: BackgroundUpload,
): Promise<Delivery> {
  return attach(run, upload);
}

/** Lets go of all that a run holds, without changing what is on disk. */
export function discardRun(run: Run<object>): void {
  discard(run);
}
