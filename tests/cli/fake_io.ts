import type { Terminal } from "../../src/cli/io.ts";
import { type CliIo, runCli } from "../../src/cli/main.ts";
import type { ProgressOutput } from "../../src/progress.ts";

/** What a command line did. */
export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What {@linkcode runWith} gives the command. */
export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What a person answers at the terminal. Default: there is none. */
  readonly answer?: string | (() => string);
  /** The terminal. Default: none. */
  readonly terminal?: Terminal;
  /** Where progress is shown. Default: nowhere. */
  readonly progress?: ProgressOutput;
}

const nowhere: ProgressOutput = { isTerminal: () => false, write: () => {} };

/** Runs `em` in this process. */
export async function runWith(
  args: readonly string[],
  { env = {}, stdin, answer, terminal, progress = nowhere }: Given = {},
): Promise<Outcome> {
  let stdout = "";
  let stderr = "";
  const io: CliIo = {
    stdout: (text) => stdout += text,
    stderr: (text) => stderr += text,
    readStdin: () =>
      stdin === undefined
        ? Promise.reject(new Error("stdin is not for reading"))
        : Promise.resolve(stdin),
    ask: () => typeof answer === "function" ? answer() : answer,
    env: (name) => env[name],
    terminal: () => terminal,
    progress,
  };
  const code = await runCli(args, io);
  return { code, stdout, stderr };
}
