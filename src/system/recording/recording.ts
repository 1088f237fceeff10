import { join } from "@std/path";
import { createRecordEncoder } from "../../format/record_encoder.ts";
import { AppendLog } from "../../local/append_log.ts";
import { metricFile } from "../../local/layout.ts";
import { GpuMeter } from "../gpu_meter.ts";
import { Sampler } from "../sampler.ts";
import type { SystemSources } from "../sources.ts";
import { SYSTEM_TYPE } from "../../format/system_type.ts";

/** What is to be recorded, as it goes to a thread. */
export interface RecordingJob {
  /** The run directory. */
  readonly dir: string;
  /** When the run began, in milliseconds since 1970-01-01T00:00:00Z: steps are seconds since then. */
  readonly startMs: number;
  /** How often, in milliseconds. */
  readonly everyMs: number;
  /** What may be looked at. */
  readonly sources: SystemSources;
  /** Whether records are to survive a failure of the machine. */
  readonly isDurable: boolean;
  /** Holds what is told of the process that is asked for the GPUs. */
  readonly asked: SharedArrayBuffer;
}

/** What the thread says: that the first record is written, that the last one is, or what it cannot record. */
export type FromSystemThread =
  | { readonly kind: "begun" | "ended" }
  | { readonly kind: "trouble"; readonly what: string };

/** A record that follows another so soon, in milliseconds, would say little of the time between. */
const LEAST_LAST_MS = 500;

/** Takes system metrics at an interval, and writes them: the one writer of its file. */
export class Recording {
  readonly #job: RecordingJob;
  readonly #onTrouble: (what: string) => void;
  readonly #sampler: Sampler;
  readonly #gpus: GpuMeter;
  readonly #log: AppendLog;
  readonly #encode = createRecordEncoder();
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastMs = 0;
  #ticking: Promise<void> | undefined;
  readonly #over = new AbortController();

  /**
   * @param job What to record.
   * @param onTrouble Is told, in a sentence, what cannot be recorded.
   */
  constructor(job: RecordingJob, onTrouble: (what: string) => void) {
    this.#job = job;
    this.#onTrouble = onTrouble;
    const asked = new Int32Array(job.asked);
    this.#sampler = new Sampler(job.dir, job.sources);
    this.#gpus = new GpuMeter({
      signal: this.#over.signal,
      onProcess: (pid) => {
        Atomics.store(asked, 0, pid);
        Atomics.notify(asked, 0);
      },
      onTrouble: (reason) =>
        onTrouble(`Left out: the GPUs, because of nvidia-smi: ${reason}`),
    });
    this.#log = new AppendLog(join(job.dir, metricFile(SYSTEM_TYPE)));
  }

  /**
   * Writes the first record, without what only a second look can tell, and goes on at the interval. The timer keeps no
   * process alive.
   *
   * @throws {Deno.errors} If the disk refuses the record.
   */
  begin(): void {
    this.#write(this.#sampler.sample());
    const tick = () =>
      this.#ticking ??= this.#tick().finally(() => this.#ticking = undefined);
    this.#timer = setInterval(tick, this.#job.everyMs);
    Deno.unrefTimer(this.#timer);
  }

  /** Writes the last record, unless the one before has just been written, and lets go of the file. */
  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#over.abort();
    await this.#ticking;
    if (performance.now() - this.#lastMs >= LEAST_LAST_MS) this.#take({});
    this.#log.close();
  }

  async #tick(): Promise<void> {
    const gpus = this.#job.sources.gpus ? await this.#gpus.read() : {};
    if (!this.#over.signal.aborted) this.#take(gpus);
  }

  #take(gpus: Readonly<Record<string, number>>): void {
    try {
      this.#write({ ...this.#sampler.sample(), ...gpus });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#onTrouble(cannotRecord(error.message));
    }
  }

  #write(values: Readonly<Record<string, number>>): void {
    const { startMs, isDurable } = this.#job;
    const rounded = Object.entries(values).map((
      [name, value],
    ) => [name, round(value)]);
    const step = Math.max(0, Math.round((Date.now() - startMs) / 1000));
    this.#log.appendBytes(
      this.#encode(Object.fromEntries(rounded), step, null),
    );
    this.#lastMs = performance.now();
    if (!isDurable) return;
    using file = Deno.openSync(this.#log.path);
    file.syncDataSync();
  }
}

/** More digits than these say nothing, and are many in a file. */
function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/**
 * Says that there are no system metrics.
 *
 * @param why Why.
 * @returns The sentence.
 */
export function cannotRecord(why: string): string {
  return `Cannot record system metrics: ${why}`;
}
