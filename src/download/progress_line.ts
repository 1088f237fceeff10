import { type ProgressOutput, showProgress } from "../progress.ts";

/** What a {@linkcode ProgressLine} counts. */
export interface ProgressTotals {
  /** How many objects there are. */
  readonly objects: number;
  /** How long they are together, in bytes. */
  readonly bytes: number;
}

/** Counts what a download has brought, and shows it on the terminal. */
export class ProgressLine {
  readonly #showing: Disposable;
  #bytes = 0;
  #objects = 0;

  /**
   * @param label What is downloaded.
   * @param totals How much there is.
   * @param output Where to. Default: stderr.
   */
  constructor(label: string, totals: ProgressTotals, output?: ProgressOutput) {
    this.#showing = showProgress({
      title: label,
      look: () => ({
        doneBytes: this.#bytes,
        totalBytes: totals.bytes,
        detail: `${this.#objects} of ${totals.objects} objects`,
      }),
      ...(output === undefined ? {} : { output }),
    });
  }

  /**
   * Counts bytes.
   *
   * @param bytes How many came; negative when they are thrown away.
   */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
  }

  /** Counts an object that is whole. */
  addObject(): void {
    this.#objects++;
  }

  /** Clears the line. */
  end(): void {
    this.#showing[Symbol.dispose]();
  }
}
