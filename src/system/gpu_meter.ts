import { askGpus, type AskGpusOptions, type GpuAnswer } from "./gpus.ts";

/** What {@linkcode GpuMeter} works with. */
export interface GpuMeterOptions {
  /** Asks how the GPUs are. Default: `nvidia-smi` is asked. */
  readonly ask?: (options: AskGpusOptions) => Promise<GpuAnswer>;
  /** Ends a question that has not been answered yet. */
  readonly signal: AbortSignal;
  /** Is told of the process that is asked, as by {@linkcode askGpus}. */
  readonly onProcess: (pid: number) => void;
  /** Is told, once, that the GPUs cannot be asked. */
  readonly onTrouble: (reason: string) => void;
  /** A time in milliseconds that only grows. Default: `performance.now`. */
  readonly clock?: () => number;
}

/** A question that takes so long, in milliseconds, may be asked each time: a hundredth of the default interval. */
const CHEAP_MS = 100;
/** After a failure so many times pass without a question, five minutes by default. */
const REST = 30;

/**
 * How the GPUs are, asked so seldom that it costs little: one question in as many times as it takes tenths of a second.
 * With the default interval of 10 s that is at most one part in a hundred.
 */
export class GpuMeter {
  readonly #options: GpuMeterOptions;
  /** So many times pass without a question. */
  #rest = 0;
  #isMissing = false;
  #hasTrouble = false;

  /** @param options Whom it asks, and whom it tells. */
  constructor(options: GpuMeterOptions) {
    this.#options = options;
  }

  /**
   * To be called each time that metrics are taken.
   *
   * @returns The values by metric name; none if it is not the time to ask, or nothing is answered.
   */
  async read(): Promise<Readonly<Record<string, number>>> {
    if (this.#isMissing) return {};
    if (this.#rest > 0) {
      this.#rest--;
      return {};
    }
    const { ask = askGpus, signal, onProcess, onTrouble } = this.#options;
    const clock = this.#options.clock ?? (() => performance.now());
    const startedMs = clock();
    const answer = await ask({ signal, onProcess });
    this.#rest = Math.ceil((clock() - startedMs) / CHEAP_MS) - 1;
    if (answer.state === "answered") return answer.values;
    if (signal.aborted) return {};
    this.#isMissing = answer.state === "missing";
    if (answer.state === "failed") {
      this.#rest = Math.max(this.#rest, REST);
      if (!this.#hasTrouble) onTrouble(answer.reason);
      this.#hasTrouble = true;
    }
    return {};
  }
}
