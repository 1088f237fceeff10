import { requireKnown } from "../format/option_checks.ts";

/** Options of {@linkcode Run.exec}. */
export interface ExecOptions {
  /** The directory that the command runs in. Default: this process's. */
  readonly cwd?: string;
  /**
   * More environment variables than this process has. `EM_RUN_DIR` is always the run's directory, and
   * `PYTHONUNBUFFERED` is `1` unless it stands here, so that what Python prints comes when it is printed. Default: none.
   */
  readonly env?: Readonly<Record<string, string>>;
  /** What the command reads on stdin: this process's own, or nothing. Default: `"inherit"`. */
  readonly stdin?: "inherit" | "null";
  /**
   * Ends the command with `SIGTERM` when it is aborted, and with `SIGKILL` ten seconds later; `exec` rejects with the
   * signal's reason then. Default: none.
   */
  readonly signal?: AbortSignal;
  /**
   * Whether the command's stderr is kept in the run's `stdout.log`, too: that is where a program says why it failed.
   * If not, it goes where this process's goes, untouched. Default: true.
   */
  readonly captureStderr?: boolean;
  /** Whether the command's output goes to this process's stdout and stderr; it is kept in the log anyway. Default: true. */
  readonly showOutput?: boolean;
  /** Whether lines that carry metrics are shown and kept in the log as well. Default: false. */
  readonly showMetrics?: boolean;
  /**
   * Whether `SIGINT`, `SIGTERM` and `SIGHUP` go to the command, and leave this process alone until that has ended. With
   * `--allow-run` for every program, the command has a process group of its own, and all of it gets the signal.
   * Default: false; they end this process as always, and the command when it prints next.
   */
  readonly forwardSignals?: boolean;
}

/**
 * How a command has ended.
 *
 * @example
 * ```ts
 * import { createRun, type ExecResult } from "@t9k/em";
 *
 * const run = await createRun({ name: "train" });
 * const line = '{"type": "train", "step": 1, "metrics": {"loss": 0.3}}';
 * const { success }: ExecResult = await run.exec(["echo", `EM_METRICS ${line}`]);
 * await run.finish({ status: success ? "Complete" : "Error" });
 * if (run.metrics.train?.[0]?.value.loss !== 0.3) throw new Error("nothing was logged");
 * ```
 */
export interface ExecResult {
  /** Its exit code; 128 and the signal's number, if a signal has ended it. */
  readonly code: number;
  /** The signal that has ended it, or null. */
  readonly signal: Deno.Signal | null;
  /** Whether the exit code is 0. */
  readonly success: boolean;
}

/** A command: the program, and its arguments. */
export type ExecCommand = readonly [program: string, ...args: string[]];

/**
 * Checks a command and how it is to be run.
 *
 * @param command What the user passed in.
 * @param options What the user passed in.
 * @throws {TypeError} If the command is no list of texts that begins with a program, or an option is unknown.
 */
export function checkExec(command: unknown, options: ExecOptions): void {
  const isCommand = Array.isArray(command) && command.length > 0 &&
    command.every((part) => typeof part === "string") && command[0] !== "";
  if (!isCommand) {
    throw new TypeError(
      `Cannot run a command: it must be a list such as ["python3", "train.py"], and is ${
        Deno.inspect(command)
      }`,
    );
  }
  requireKnown(options, KNOWN, "run a command");
  const { stdin = "inherit" } = options;
  if (stdin !== "inherit" && stdin !== "null") {
    throw new RangeError(
      `Option stdin must be "inherit" or "null", and is ${Deno.inspect(stdin)}`,
    );
  }
}

const KNOWN: ReadonlySet<string> = new Set<keyof ExecOptions>([
  "cwd",
  "env",
  "stdin",
  "signal",
  "captureStderr",
  "showOutput",
  "showMetrics",
  "forwardSignals",
]);
