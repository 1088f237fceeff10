import type { RunStatus } from "../format/metadata.ts";
import type { Delivery } from "../upload/types.ts";
import type { KeptMetadata } from "./kept_metadata.ts";
import type { SystemMonitor } from "../system/recording/monitor.ts";
import { SYSTEM_TYPE } from "../format/system_type.ts";
import { comeToRest, LastDelivery } from "./last_delivery.ts";
import { watchOver } from "./lifecycle.ts";
import type {
  BackgroundUpload,
  FinishResult,
  RunParts,
  StartedUpload,
  UploadResult,
} from "./run_types.ts";
import { recordedLate, statusNotSaved } from "./run_words.ts";

/** What {@linkcode RunLife} holds and lets go of. */
export type LifeParts = Pick<
  RunParts<object>,
  | "dir"
  | "metricsLog"
  | "attempts"
  | "ownership"
  | "endCapture"
  | "diskSync"
  | "reporter"
  | "onReleased"
>;

/** A run from its start to its end, whichever that is: its status, its delivery and what it holds meanwhile. */
export class RunLife {
  readonly #parts: LifeParts;
  readonly #metadata: KeptMetadata;
  readonly #unwatch: () => void;
  readonly #settlers = new Set<() => Promise<void>>();
  #upload: StartedUpload | undefined;
  #monitor: SystemMonitor | undefined;
  #lastDelivery: LastDelivery | undefined;
  #finished: Promise<FinishResult> | undefined;

  /**
   * @param parts What the run holds.
   * @param metadata Its metadata.
   */
  constructor(parts: LifeParts, metadata: KeptMetadata) {
    this.#parts = parts;
    this.#metadata = metadata;
    this.#unwatch = watchOver({
      ending: () => {
        this.#markAtEnd("Running", "Error");
        this.#lastDelivery?.interrupted();
      },
      survived: () => this.#markAtEnd("Error", "Running"),
      idle: () => this.#upload && comeToRest(this.#upload.delivery),
      last: (timeoutMs) => {
        this.#monitor?.interrupt();
        parts.diskSync?.flushSync();
        // Who ends the process while finish() waits does not want to wait.
        if (!this.#lastDelivery) {
          this.#upload?.delivery.finishBlocking(timeoutMs);
        }
      },
    });
  }

  /** Whether `finish` was called. */
  get isOver(): boolean {
    return this.#finished !== undefined;
  }

  /**
   * Starts the background delivery.
   *
   * @param upload The delivery, before it has begun.
   * @returns The delivery.
   */
  async attach(upload: BackgroundUpload): Promise<Delivery> {
    const { host, intent, start } = upload;
    const delivery = await start((node) => this.#metadata.record(node));
    this.#upload = { host, intent, delivery };
    return delivery;
  }

  /**
   * Takes hold of the recording of system metrics.
   *
   * @param monitor The recording; its file has its first record.
   */
  attachMonitor(monitor: SystemMonitor): void {
    this.#parts.metricsLog.reserve(SYSTEM_TYPE);
    this.#monitor = monitor;
  }

  /**
   * Waits until the server has everything that was recorded so far.
   *
   * @param timeoutMs How long to wait, in milliseconds.
   * @returns What arrived and what is pending.
   */
  async flush(timeoutMs: number): Promise<UploadResult> {
    return await this.#upload?.delivery.flush({ timeoutMs }) ??
      { state: "off" };
  }

  /**
   * Ends the run, once.
   *
   * @param timeoutMs How long to wait for the server, in milliseconds.
   * @param status The status from now on.
   * @returns Status and upload.
   * @throws {Deno.errors} If the local disk refuses the status: the run goes on then.
   */
  finish(timeoutMs: number, status: RunStatus): Promise<FinishResult> {
    if (this.#finished !== undefined) return this.#finished;
    const finished = this.#finish(timeoutMs, status);
    this.#finished = finished;
    finished.catch(() => {
      if (this.#metadata.value.status === "Running") this.#finished = undefined;
    });
    return finished;
  }

  /**
   * Has something awaited before `finish` answers.
   *
   * @param settle What is awaited; it must not reject.
   * @returns Takes it back.
   */
  onOver(settle: () => Promise<void>): () => void {
    this.#settlers.add(settle);
    return () => void this.#settlers.delete(settle);
  }

  /** To be called after something was recorded: says so where it comes too late for the delivery. */
  recorded(): void {
    if (!this.isOver) return;
    const { dir, metricsLog, reporter } = this.#parts;
    metricsLog.close();
    reporter.warn(`after finish ${dir}`, recordedLate(this.#named));
  }

  /** Lets go of all that the run holds, without changing what is on disk. */
  close(): void {
    this.#unwatch();
    this.#monitor?.close();
    this.#release();
  }

  get #named(): { readonly name: string; readonly local: string } {
    return { name: this.#metadata.value.name, local: this.#parts.dir };
  }

  async #finish(timeoutMs: number, status: RunStatus): Promise<FinishResult> {
    this.#setStatus(status);
    const { dir, reporter, diskSync } = this.#parts;
    const { name } = this.#named;
    this.#lastDelivery = this.#upload &&
      new LastDelivery({ name, dir, reporter, ...this.#upload });
    await this.#monitor?.stop();
    if (diskSync !== undefined) await diskSync.flush();
    this.#release();
    try {
      const upload: UploadResult = await this.#lastDelivery?.wait(timeoutMs) ??
        { state: "off" };
      return { status: this.#metadata.value.status, upload };
    } finally {
      this.#unwatch();
      await Promise.all([...this.#settlers].map((settle) => settle()));
    }
  }

  #setStatus(status: RunStatus): void {
    this.#metadata.setStatus(status);
    this.#parts.attempts?.follow(this.#metadata.value);
  }

  #release(): void {
    this.#parts.endCapture();
    this.#parts.metricsLog.close();
    this.#parts.diskSync?.close();
    this.#parts.ownership.release();
    this.#parts.onReleased();
  }

  /** Notes the status while the process ends. An error here would change its exit code, so it is only told. */
  #markAtEnd(from: RunStatus, status: RunStatus): void {
    const isOver = status === "Running" && this.isOver;
    if (this.#metadata.value.status !== from || isOver) return;
    try {
      this.#setStatus(status);
    } catch (error) {
      const { dir, reporter } = this.#parts;
      const sentence = statusNotSaved(this.#named, status, error);
      reporter.warn(`status ${dir}`, sentence);
    }
  }
}
