import { EmError } from "../errors.ts";
import { connectionError, type RequestContext } from "./failure.ts";
import { FileChangedError } from "./form_body.ts";

/** What ends a request before its answer. */
export interface TimeLimitOptions {
  /** The time limit, in milliseconds. */
  readonly ms: number;
  /** The callers' own signals. */
  readonly signals: readonly AbortSignal[];
  /** Which request it is. */
  readonly context: RequestContext;
}

/** The end of a request's time, and of its callers' patience. */
export class TimeLimit {
  readonly #controller = new AbortController();
  readonly #options: TimeLimitOptions;
  #ms: number;
  readonly #abort = () => this.#controller.abort();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isTimedOut = false;

  /** @param options What ends the request. The time begins to run at once. */
  constructor(options: TimeLimitOptions) {
    this.#options = options;
    this.#ms = options.ms;
    for (const signal of options.signals) {
      if (signal.aborted) this.#abort();
      signal.addEventListener("abort", this.#abort);
    }
    this.restart();
  }

  /** Aborted when the time is over or a caller gives up. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Whether the time was over before the request was. */
  get isTimedOut(): boolean {
    return this.#isTimedOut;
  }

  /**
   * Gives the request time again.
   *
   * @param ms How much, in milliseconds. Default: as much as the last time.
   */
  restart(ms: number = this.#ms): void {
    this.pause();
    this.#ms = ms;
    this.#timer = setTimeout(() => {
      this.#isTimedOut = true;
      this.#abort();
    }, ms);
  }

  /** Stops the time. */
  pause(): void {
    clearTimeout(this.#timer);
  }

  /** Must be called when the request is over. */
  end(): void {
    this.pause();
    for (const signal of this.#options.signals) {
      signal.removeEventListener("abort", this.#abort);
    }
  }

  /**
   * Tells what a failure was.
   *
   * @param error What was thrown.
   * @returns The caller's own reason, or an error of this package.
   */
  explain(error: unknown): unknown {
    for (const signal of this.#options.signals) {
      if (signal.aborted) return signal.reason;
    }
    if (error instanceof EmError || error instanceof FileChangedError) {
      return error;
    }
    const cause = this.#isTimedOut
      ? new Error(`nothing came within ${this.#ms / 1000} s`)
      : error;
    return connectionError(cause, this.#options.context);
  }
}
