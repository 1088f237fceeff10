/**
 * The one way to show how far something long has come: a line on the terminal that is gone at the end, or, where there is
 * no terminal, a sentence now and then.
 *
 * @module
 */

/** Where {@linkcode showProgress} writes. */
export interface ProgressOutput {
  /** Whether somebody is looking. */
  readonly isTerminal: () => boolean;
  /** Takes a text. */
  readonly write: (text: string) => void;
}

/** How far something has come. */
export interface ProgressState {
  /** How many bytes are done. */
  readonly doneBytes: number;
  /** How many bytes there are to do. */
  readonly totalBytes: number;
  /** What else is to be said, such as `2 of 9 objects`. */
  readonly detail?: string;
}

/** What {@linkcode showProgress} shows. */
export interface ProgressOptions {
  /** What goes on, such as `Copying "data"`. */
  readonly title: string;
  /** Tells how far it has come; undefined while that is not known. */
  readonly look: () => ProgressState | undefined;
  /** Takes the sentences where there is no terminal. Default: nobody. */
  readonly onSentence?: ((sentence: string) => void) | undefined;
  /** Where the line is shown. Default: stderr. */
  readonly output?: ProgressOutput;
  /** The time in milliseconds. Default: `performance.now`. */
  readonly now?: () => number;
}

const LINE_MS = 250;
const FIRST_SENTENCE_MS = 5_000;
const SENTENCE_MS = 10_000;
/** The rate is that of the last so many milliseconds. */
const RATE_MS = 5_000;
const ERASE_LINE = "\r\x1b[K";
const encoder = new TextEncoder();

const stderrOutput: ProgressOutput = {
  isTerminal: () => Deno.stderr.isTerminal(),
  write(text) {
    try {
      Deno.stderr.writeSync(encoder.encode(text));
    } catch (error) {
      // A terminal that was closed must not end what goes on.
      if (!(error instanceof Error && error.constructor.name in Deno.errors)) {
        throw error;
      }
    }
  },
};

/** Only one line at a time can be shown on a terminal. */
let isLineTaken = false;

/**
 * Shows how far something has come, while it goes on. Something short shows nothing.
 *
 * @param options What goes on.
 * @returns Ends the showing.
 */
export function showProgress(options: ProgressOptions): Disposable {
  const { title, look, onSentence, output = stderrOutput } = options;
  const now = options.now ?? (() => performance.now());
  const isLine = output.isTerminal();
  if ((isLine && isLineTaken) || (!isLine && onSentence === undefined)) {
    return { [Symbol.dispose]: () => {} };
  }
  if (isLine) isLineTaken = true;
  const meter = new Meter();
  let isShown = false;
  let nextSentenceMs = now() + FIRST_SENTENCE_MS;
  let isOver = false;
  const timer = setInterval(() => {
    const state = look();
    if (state === undefined) return;
    const nowMs = now();
    meter.see(state.doneBytes, nowMs);
    if (isLine) {
      output.write(`${ERASE_LINE}${title}: ${describe(state, meter)}`);
      isShown = true;
    } else if (nowMs >= nextSentenceMs) {
      nextSentenceMs = nowMs + SENTENCE_MS;
      onSentence?.(`${title}: ${describe(state, meter)}`);
    }
  }, LINE_MS);
  return {
    [Symbol.dispose]() {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      if (isLine) isLineTaken = false;
      if (isShown) output.write(ERASE_LINE);
    },
  };
}

/** Measures how fast something goes on. */
class Meter {
  readonly #samples: { atMs: number; bytes: number }[] = [];

  see(bytes: number, atMs: number): void {
    this.#samples.push({ atMs, bytes });
    while ((this.#samples[1]?.atMs ?? Infinity) < atMs - RATE_MS) {
      this.#samples.shift();
    }
  }

  /** Bytes a second; undefined while nothing has moved. */
  get rate(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined) return undefined;
    const rate = 1000 * (last.bytes - first.bytes) / (last.atMs - first.atMs);
    return rate > 0 ? rate : undefined;
  }
}

function describe(state: ProgressState, { rate }: Meter): string {
  const { doneBytes, totalBytes, detail } = state;
  const percent = Math.floor(100 * doneBytes / Math.max(totalBytes, 1));
  const amount = `${percent} % of ${formatBytes(totalBytes)}`;
  const parts = [detail === undefined ? amount : `${amount}, ${detail}`];
  if (rate !== undefined) {
    const left = Math.ceil((totalBytes - doneBytes) / rate);
    parts.push(`${formatBytes(rate)}/s`, `${formatSeconds(left)} left`);
  }
  return parts.join(", ");
}

const UNITS = ["B", "kB", "MB", "GB", "TB"];

/**
 * Writes a number of bytes as people read it.
 *
 * @param bytes The number.
 * @returns A text such as `1.5 MB`.
 */
export function formatBytes(bytes: number): string {
  let [value, power] = [bytes, 0];
  // What would be written as 1000.0 belongs to the next unit.
  for (; value >= 999.95 && power < UNITS.length - 1; power++) value /= 1000;
  return `${value.toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

function formatSeconds(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60
    ? `${minutes} min`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
