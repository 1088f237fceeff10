import { join } from "@std/path";
import { readShownType } from "../format/metric_key.ts";
import { foldMetricType } from "../format/names.ts";
import type { MetricRecord } from "../format/metric_record.ts";
import {
  createRecordEncoder,
  type RecordEncoder,
} from "../format/record_encoder.ts";
import { parseRewound } from "../format/rewind.ts";
import { encodeIndex } from "../format/run_index.ts";
import { AppendLog } from "../local/append_log.ts";
import type { Document } from "../local/document.ts";
import { metricFile } from "../local/layout.ts";
import { lastStepIn } from "./last_step.ts";

/** Metric values by name. Booleans count as 0 and 1; a bigint becomes the nearest number. */
export type Metrics = Readonly<Record<string, number | boolean | bigint>>;

/** Where on the axes a log entry stands. */
export interface LogPosition {
  /** The training step: a finite number, normally a whole one. Steps may repeat, go back, and be fractions. */
  readonly step: number;
  /** The epoch, a finite number. Default: none. */
  readonly epoch?: number | null;
}

/** What {@linkcode MetricsLog} needs of its run. */
export interface MetricsLogOptions {
  /** The run directory, or that of a rank. */
  readonly dir: string;
  /** The run's `index.yaml`, which lists the metric types. Default: none, as for a rank, whose types it does not list. */
  readonly index?: Document;
  /** The metric types of which there are files, in the order of the index. Default: none. */
  readonly types?: readonly string[];
  /** Says where in a file, named by its path in the run directory, the attempts begin that go on from a checkpoint. */
  readonly startsIn?: (file: string) => readonly number[];
  /** Is told of each metric file. */
  readonly onFile?: (log: AppendLog) => void;
  /** Milliseconds since 1970-01-01T00:00:00Z, with a fraction. Default: the system's clock. */
  readonly clock?: () => number;
}

/** The metric files of a run: one append-only file a type, and the index that lists them. */
export class MetricsLog {
  readonly #dir: string;
  readonly #index: Document | undefined;
  readonly #encode: RecordEncoder;
  readonly #startsIn: (file: string) => readonly number[];
  readonly #onFile: (log: AppendLog) => void;
  /** By the type as passed in, so that aliases share the log of the type they are folded to. */
  readonly #byName = new Map<string, AppendLog>();
  readonly #byType = new Map<string, AppendLog>();
  #reserved: string | undefined;

  /** @param options What it needs of its run. */
  constructor(options: MetricsLogOptions) {
    this.#dir = options.dir;
    this.#index = options.index;
    this.#encode = createRecordEncoder(options.clock);
    this.#startsIn = options.startsIn ?? (() => []);
    this.#onFile = options.onFile ?? (() => {});
    for (const type of options.types ?? []) {
      const log = new AppendLog(join(this.#dir, metricFile(type)));
      this.#byType.set(type, log);
      this.#onFile(log);
    }
  }

  /** The metric types in the order of their first use; one that is left to another writer is the last. */
  get types(): readonly string[] {
    const isReserved = (type: string) => type === this.#reserved;
    const all = [...this.#byType.keys()];
    return [
      ...all.filter((type) => !isReserved(type)),
      ...all.filter(isReserved),
    ];
  }

  /**
   * Appends one record.
   *
   * @param type The metric type; aliases such as `validate` are folded.
   * @param metrics The values.
   * @param position Step and epoch.
   * @throws {TypeError} If an argument has the wrong type; then nothing is written.
   * @throws {RangeError} If the type is no safe file name, or step or epoch is not finite, or the type is reserved.
   */
  append(type: string, metrics: Metrics, position: LogPosition): void {
    const log = this.#byName.get(type) ?? this.#open(type);
    const values = checkValues(metrics, type);
    log.appendBytes(
      this.#encode(
        values,
        checkStep(position, type),
        checkEpoch(position, type),
      ),
    );
    if (!this.#byName.has(type)) this.#remember(type, log);
  }

  /**
   * Leaves a metric type to another writer, whose file is there.
   *
   * @param type The type; it is part of the index and of what is read, and nothing is appended to it here.
   */
  reserve(type: string): void {
    this.#add(type, this.#open(type));
    this.#reserved = type;
  }

  /**
   * Reads all records back from the files, without those that a later attempt has replaced.
   *
   * @returns The records by type, in the order in which they were logged.
   */
  read(): Record<string, MetricRecord[]> {
    const result: Record<string, MetricRecord[]> = {};
    for (const type of this.types) {
      const file = metricFile(type);
      const bytes = Deno.readFileSync(join(this.#dir, file));
      result[type] = parseRewound(bytes, this.#startsIn(file));
    }
    return result;
  }

  /**
   * Finds the step that was logged last.
   *
   * @param type The metric type; aliases are folded.
   * @returns The step; undefined if nothing of the type was logged.
   * @throws {RangeError} If the type is no safe file name.
   */
  lastStep(type: string): number | undefined {
    const log = this.#byType.get(foldMetricType(type));
    return log && lastStepIn(log.path);
  }

  /** Closes the files; a later append opens its file again. */
  close(): void {
    for (const log of this.#byType.values()) log.close();
  }

  #open(type: string): AppendLog {
    const folded = foldMetricType(type);
    if (folded === this.#reserved) {
      throw new RangeError(
        `Cannot log ${type} metrics: option systemMetrics has them written; take another metric type`,
      );
    }
    if (readShownType(folded).rank !== undefined) {
      throw new RangeError(
        `Metric type ${
          JSON.stringify(type)
        } is how the metrics of a rank are shown: log them with joinRun`,
      );
    }
    return this.#byType.get(folded) ??
      new AppendLog(join(this.#dir, metricFile(folded)));
  }

  /** The index is written after the first record, so that it never lists a file that is missing or empty. */
  #remember(type: string, log: AppendLog): void {
    this.#add(foldMetricType(type), log);
    this.#byName.set(type, log);
  }

  #add(type: string, log: AppendLog): void {
    if (this.#byType.has(type)) return;
    this.#byType.set(type, log);
    this.#onFile(log);
    this.#index?.write(encodeIndex(this.types));
  }
}

function checkValues(
  metrics: Metrics,
  type: string,
): Readonly<Record<string, number>> {
  if (
    typeof metrics !== "object" || metrics === null || Array.isArray(metrics)
  ) {
    throw new TypeError(
      `Cannot log ${type} metrics: they must be an object of numbers, and are ${
        show(metrics)
      }`,
    );
  }
  for (const key in metrics) {
    if (typeof metrics[key] !== "number") return convertValues(metrics, type);
  }
  return metrics as Readonly<Record<string, number>>;
}

function convertValues(metrics: Metrics, type: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(metrics).map(([key, value]) => {
      if (
        typeof value !== "number" && typeof value !== "boolean" &&
        typeof value !== "bigint"
      ) {
        throw new TypeError(
          `Cannot log ${type} metric "${key}": it must be a number, boolean or bigint, and is ${
            show(value)
          }`,
        );
      }
      return [key, Number(value)];
    }),
  );
}

function checkStep(position: LogPosition | undefined, type: string): number {
  const step = position?.step;
  if (typeof step !== "number") {
    throw new TypeError(
      `Cannot log ${type} metrics: pass the step as { step: number }, it is ${
        show(step)
      }`,
    );
  }
  if (!Number.isFinite(step)) {
    throw new RangeError(
      `Cannot log ${type} metrics: the step must be finite, and is ${step}`,
    );
  }
  return step;
}

function checkEpoch(
  position: LogPosition | undefined,
  type: string,
): number | null {
  const epoch = position?.epoch ?? null;
  if (epoch === null) return null;
  if (typeof epoch !== "number") {
    throw new TypeError(
      `Cannot log ${type} metrics: the epoch must be a number, and is ${
        show(epoch)
      }`,
    );
  }
  if (!Number.isFinite(epoch)) {
    throw new RangeError(
      `Cannot log ${type} metrics: the epoch must be finite, and is ${epoch}`,
    );
  }
  return epoch;
}

function show(value: unknown): string {
  if (typeof value === "string") return `the string "${value.slice(0, 40)}"`;
  if (typeof value === "object" && value !== null) {
    return `an instance of ${value.constructor?.name ?? "Object"}`;
  }
  return String(value);
}
