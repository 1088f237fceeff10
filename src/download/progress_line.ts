/** Where a {@linkcode ProgressLine} is written. */
export interface Screen {
  /** Whether it is a terminal; otherwise nothing is written. */
  readonly isTerminal: boolean;
  /** Writes text. */
  readonly write: (text: string) => void;
}

/** What a {@linkcode ProgressLine} counts. */
export interface ProgressTotals {
  /** How many objects there are. */
  readonly objects: number;
  /** How long they are together, in bytes. */
  readonly bytes: number;
}

const STEP_MS = 200;
const encoder = new TextEncoder();

const stderrScreen: Screen = {
  isTerminal: Deno.stderr.isTerminal(),
  write: (text) => void Deno.stderr.writeSync(encoder.encode(text)),
};

/** A line on the terminal that says how far a download has come; elsewhere nothing. */
export class ProgressLine {
  readonly #label: string;
  readonly #totals: ProgressTotals;
  readonly #screen: Screen;
  #bytes = 0;
  #objects = 0;
  #shownAtMs = -Infinity;

  /**
   * @param label What is downloaded.
   * @param totals How much there is.
   * @param screen Where to. Default: stderr.
   */
  constructor(
    label: string,
    totals: ProgressTotals,
    screen: Screen = stderrScreen,
  ) {
    this.#label = label;
    this.#totals = totals;
    this.#screen = screen;
  }

  /**
   * Counts bytes.
   *
   * @param bytes How many came; negative when they are thrown away.
   */
  addBytes(bytes: number): void {
    this.#bytes += bytes;
    this.#show();
  }

  /** Counts an object that is whole. */
  addObject(): void {
    this.#objects++;
    this.#show();
  }

  /** Clears the line. */
  end(): void {
    if (this.#screen.isTerminal && this.#shownAtMs > -Infinity) {
      this.#screen.write("\r\x1b[K");
    }
  }

  #show(): void {
    const nowMs = performance.now();
    if (!this.#screen.isTerminal || nowMs - this.#shownAtMs < STEP_MS) return;
    this.#shownAtMs = nowMs;
    const { objects, bytes } = this.#totals;
    this.#screen.write(
      `\r\x1b[K${this.#label}: ${this.#objects} of ${objects} objects, ${
        megabytes(this.#bytes)
      } of ${megabytes(bytes)} MB`,
    );
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
