import type { RunMetadata, RunStatus } from "../format/metadata.ts";
import { encodeRank, type RankDocument } from "../format/rank_document.ts";
import { formatTimestamp } from "../format/timestamp.ts";
import type { Document } from "../local/document.ts";
import type { Ownership } from "../local/owner.ts";
import type { Reporter } from "../reporter.ts";
import type { AnyHparams } from "./hparam_values.ts";
import { watchOver } from "./lifecycle.ts";
import type { LogPosition, Metrics, MetricsLog } from "./metrics_log.ts";
import { checkStatus } from "./run_words.ts";

let construct: <T extends object>(parts: JoinedParts) => JoinedRun<T>;

/**
 * What a process records with that has joined a run as one of its ranks; made by {@linkcode joinRun}.
 *
 * Everything it is told is in the rank's files when the call has returned, and survives the end of the process in any way.
 *
 * @typeParam T The type of the hyperparameters.
 */
export class JoinedRun<T extends object = AnyHparams>
  implements AsyncDisposable {
  readonly #parts: JoinedParts;
  readonly #unwatch: () => void;
  #document: RankDocument;
  #isOver = false;

  static {
    construct = (parts) => new JoinedRun(parts);
  }

  private constructor(parts: JoinedParts) {
    this.#parts = parts;
    this.#document = parts.document;
    this.#unwatch = watchOver({
      ending: () => this.#markAtEnd("Running", "Error"),
      survived: () => this.#markAtEnd("Error", "Running"),
      idle: () => undefined,
      last: () => {},
    });
  }

  /** Which rank this is. */
  get rank(): number {
    return this.#document.rank;
  }

  /** The run's name. */
  get name(): string {
    return this.#parts.metadata.name;
  }

  /** The run's unique name, which is that of its directory. */
  get alternativeName(): string {
    return this.#parts.metadata.alternativeName;
  }

  /** How this rank is; what becomes of the run is said by the process that has it. */
  get status(): RunStatus {
    return this.#document.status;
  }

  /** The absolute path of the run directory. */
  get local(): string {
    return this.#parts.dir;
  }

  /** The run's hyperparameters, as they were when this process joined it. They cannot be changed here. */
  get hparams(): Readonly<T> {
    return this.#parts.hparams as Readonly<T>;
  }

  /**
   * Logs metrics of this rank. When this has returned, the record survives the end of the process, `SIGKILL` included.
   *
   * @param type What was measured on; see {@linkcode Run.log}.
   * @param metrics The values by name.
   * @param position The step, and the epoch if there is one.
   * @throws {TypeError} If an argument has the wrong type. Nothing is written then.
   * @throws {RangeError} If the type is no safe file name, or step or epoch is not finite. Nothing is written then.
   * @throws {Deno.errors} If the local disk refuses the record, for example because it is full.
   */
  log(type: string, metrics: Metrics, position: LogPosition): void {
    this.#parts.metricsLog.append(type, metrics, position);
    if (this.#isOver) this.#parts.metricsLog.close();
  }

  /**
   * The step that was logged last by this rank, also by an earlier process.
   *
   * @param type The metric type. Default: `"train"`.
   * @returns The step; undefined if nothing of that type was logged.
   * @throws {RangeError} If the type is no safe file name.
   */
  lastStep(type = "train"): number | undefined {
    return this.#parts.metricsLog.lastStep(type);
  }

  /**
   * Ends this rank's part; the run goes on. A second call does nothing.
   *
   * @param options What became of it. Default: `"Complete"`.
   * @throws {RangeError} If the status is none that a rank can end with.
   * @throws {Deno.errors} If the local disk refuses the status.
   */
  async finish(
    options: { readonly status?: "Complete" | "Error" } = {},
  ): Promise<void> {
    const status = checkStatus(options);
    await Promise.resolve();
    if (this.#isOver) return;
    this.#setStatus(status);
    this.#isOver = true;
    this.#unwatch();
    this.#parts.endCapture();
    this.#parts.metricsLog.close();
    this.#parts.ownership.release();
  }

  /** Ends this rank's part as {@linkcode JoinedRun.finish} does, at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.finish();
  }

  #setStatus(status: RunStatus): void {
    const endTimestamp = status === "Running" ? null : formatTimestamp();
    const document = { ...this.#document, status, endTimestamp };
    this.#parts.file.write(encodeRank(document));
    this.#document = document;
  }

  /** Notes the status while the process ends. An error here would change its exit code, so it is only told. */
  #markAtEnd(from: RunStatus, status: RunStatus): void {
    if (this.status !== from || this.#isOver) return;
    try {
      this.#setStatus(status);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#parts.reporter.warn(
        `status ${this.local} ${this.rank}`,
        `Cannot note that rank ${this.rank} of run "${this.name}" has ended with status "${status}": ${why}`,
      );
    }
  }
}

/** The parts that a {@linkcode JoinedRun} is made of. */
export interface JoinedParts {
  /** The run directory. */
  readonly dir: string;
  /** The run's metadata. */
  readonly metadata: RunMetadata;
  /** The run's hyperparameters. */
  readonly hparams: object;
  /** What the rank's document says. */
  readonly document: RankDocument;
  /** The document. */
  readonly file: Document;
  /** The rank's metric files. */
  readonly metricsLog: MetricsLog;
  /** Ends the capture of the console and closes its log. */
  readonly endCapture: () => void;
  /** The claim on the rank. */
  readonly ownership: Ownership;
  /** Told what is worth knowing. */
  readonly reporter: Reporter;
}

/** Makes what a rank records with of its parts. */
export function newJoinedRun<T extends object>(
  parts: JoinedParts,
): JoinedRun<T> {
  return construct(parts);
}
