import type { ProgressOutput } from "../progress.ts";

/** What a command reads from and writes to. */
export interface CliIo {
  /** Takes text for stdout. */
  readonly stdout: (text: string) => void;
  /** Whether whoever read stdout has gone, so that nothing that goes on is of use. Default: nobody has. */
  readonly isStdoutClosed?: () => boolean;
  /** Takes text for stderr. */
  readonly stderr: (text: string) => void;
  /** Where it is shown how far something long has come. Default: stderr, if that is a terminal. */
  readonly progress?: ProgressOutput;
  /** Reads stdin to its end. */
  readonly readStdin: () => Promise<string>;
  /** Asks a person for a line; undefined if there is no terminal to ask on. */
  readonly ask: (question: string) => string | undefined;
  /** Reads an environment variable; undefined if it is unset. */
  readonly env: (name: string) => string | undefined;
  /** What shows stdout; undefined if that is no terminal. */
  readonly terminal: () => Terminal | undefined;
}

/** What shows the output of a command. */
export interface Terminal {
  /** How many characters fit into a line. */
  readonly columns: number;
  /** Whether colours may be used. */
  readonly hasColors: boolean;
}

const encoder = new TextEncoder();

let isStdoutClosed = false;

/** The process's own. */
export const processIo: CliIo = {
  stdout(text) {
    if (!write(Deno.stdout, text)) isStdoutClosed = true;
  },
  isStdoutClosed: () => isStdoutClosed,
  stderr: (text) => void write(Deno.stderr, text),
  readStdin: () => new Response(Deno.stdin.readable).text(),
  ask: (question) =>
    Deno.stdin.isTerminal() ? prompt(question) ?? "" : undefined,
  env: (name) => Deno.env.get(name),
  terminal() {
    if (!Deno.stdout.isTerminal()) return undefined;
    return { columns: Deno.consoleSize().columns, hasColors: !Deno.noColor };
  },
};

/** Tells whether somebody is still reading. */
function write(
  stream: { writeSync(bytes: Uint8Array): number },
  text: string,
): boolean {
  let rest = encoder.encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(stream.writeSync(rest));
    return true;
  } catch (error) {
    // Whoever was reading has seen enough, as in `em --help | head -1`.
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
    return false;
  }
}
