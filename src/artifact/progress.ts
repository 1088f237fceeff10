import { isOsError } from "../upload/os_error.ts";

/** Where {@linkcode showProgress} writes. */
export interface ProgressOutput {
  /** Whether somebody is looking. */
  readonly isTerminal: () => boolean;
  /** Takes a text. */
  readonly write: (text: string) => void;
}

/** What {@linkcode showProgress} shows. */
export interface ProgressOptions {
  /** What goes on, such as `Copying "data"`. */
  readonly title: string;
  /** How many bytes there are to do. */
  readonly totalBytes: number;
  /** Tells how many bytes are done. */
  readonly doneBytes: () => number;
  /** Where the line is shown. Default: stderr. */
  readonly output?: ProgressOutput;
  /** How often the line is written, in milliseconds. Default: 500. */
  readonly intervalMs?: number;
}

const ERASE_LINE = "\r\x1b[K";
const MIB = 1024 * 1024;
const encoder = new TextEncoder();

const stderrOutput: ProgressOutput = {
  isTerminal: () => Deno.stderr.isTerminal(),
  write(text) {
    try {
      Deno.stderr.writeSync(encoder.encode(text));
    } catch (error) {
      // A terminal that was closed must not end the copy.
      if (!isOsError(error)) throw error;
    }
  },
};

/**
 * Shows on a terminal how far something long has come, in one line that is gone at the end. Something short shows
 * nothing, and neither does an output that is no terminal.
 *
 * @param options What goes on.
 * @returns Ends the showing.
 */
export function showProgress(options: ProgressOptions): Disposable {
  const { title, totalBytes, doneBytes, output = stderrOutput } = options;
  if (!output.isTerminal()) return { [Symbol.dispose]: () => {} };
  let shown = false;
  const timer = setInterval(() => {
    const done = doneBytes();
    const percent = Math.floor(100 * done / Math.max(totalBytes, 1));
    const mib = (bytes: number) => (bytes / MIB).toFixed(0);
    output.write(
      `${ERASE_LINE}${title}: ${percent} % (${mib(done)} of ${
        mib(totalBytes)
      } MiB)`,
    );
    shown = true;
  }, options.intervalMs ?? 500);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      if (shown) output.write(ERASE_LINE);
    },
  };
}
