/**
 * The one channel through which the library talks to its user: lines on stderr.
 *
 * @module
 */

import { kernel } from "./display/kernel.ts";
import { safeText } from "./safe_text.ts";

/** Where the library's messages go. */
export interface Reporter {
  /**
   * Says something worth knowing.
   *
   * @param message The whole sentence.
   * @param ends The kind of the warning that has come to its end by this: the next of that kind is given again.
   */
  info(message: string, ends?: string): void;
  /**
   * Warns, once per kind: later warnings of a kind that was already said are dropped, until it has come to its end.
   *
   * @param kind A stable key, such as `unreachable https://host`.
   * @param message The whole sentence.
   */
  warn(kind: string, message: string): void;
}

/**
 * Makes a reporter that writes lines with the Python SDK's prefixes, `EM INFO: ` and `EM WARNING: `. What servers and
 * files have put into a message cannot disturb a terminal, and a message stays on one line.
 *
 * @param write Takes each line with its line end. Default: stderr, coloured on a terminal.
 * @returns The reporter.
 */
export function createReporter(
  write: (line: string) => void = writeStderr,
): Reporter {
  const said = new Set<string>();
  return {
    info(message, ends) {
      if (ends !== undefined) said.delete(ends);
      write(`${paint("EM INFO:", 34)} ${safeText(message)}\n`);
    },
    warn(kind, message) {
      if (said.has(kind)) return;
      said.add(kind);
      write(`${paint("EM WARNING:", 33)} ${safeText(message)}\n`);
    },
  };
}

/**
 * The reporter that everything uses unless it is given another. In a notebook, where nobody sees what a kernel writes to its
 * own stderr, the cell shows it; what is worth knowing as ordinary output, as notebooks show stderr like an error.
 */
export const stderrReporter: Reporter = createReporter();

const encoder = new TextEncoder();

function writeStderr(line: string): void {
  const notebook = kernel();
  if (notebook !== undefined) {
    const name = line.startsWith("EM INFO:") ? "stdout" : "stderr";
    void notebook.broadcast("stream", { name, text: line });
    return;
  }
  try {
    Deno.stderr.writeSync(encoder.encode(line));
  } catch (error) {
    // A closed stderr must not end a training.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

function paint(text: string, colour: number): string {
  return !Deno.noColor && Deno.stderr.isTerminal()
    ? `\x1b[${colour}m${text}\x1b[0m`
    : text;
}
