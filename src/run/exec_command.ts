import { CommandError, PermissionError } from "../errors.ts";
import type { AppendLog } from "../local/append_log.ts";
import { granted } from "../local/permissions.ts";
import { print } from "../display/print.ts";
import type { Reporter } from "../reporter.ts";
import { printer, readOutput } from "./child_output.ts";
import { copyToLog, writeUncaptured } from "./console_capture.ts";
import {
  checkExec,
  type ExecCommand,
  type ExecOptions,
  type ExecResult,
} from "./exec_options.ts";
import type { LogPosition, Metrics } from "./metrics_log.ts";
import {
  MetricLineSplitter,
  type OutputPart,
  readMetricLine,
} from "./metric_lines.ts";
import { RankWriters } from "./rank_writers.ts";
import { overForCommand } from "./run_words.ts";
import { SignalForwarder } from "./signal_forwarder.ts";

/** The run that a command belongs to. */
export interface ExecutingRun {
  /** Its directory. */
  readonly dir: string;
  /** Takes what the command prints. */
  readonly log: AppendLog;
  /** The run itself, which takes the metrics. */
  readonly run: {
    readonly name: string;
    log(type: string, metrics: Metrics, position: LogPosition): void;
  };
  /** Whether it has been finished. */
  readonly isOver: () => boolean;
  /** Takes what is worth knowing. */
  readonly reporter: Reporter;
}

/** How long a command that is to end may take before it is killed. */
const GRACE_MS = 10_000;

/**
 * Runs a command as part of a run: its output is kept in the run's log, and the metrics that it prints are logged.
 *
 * @param command The program and its arguments.
 * @param options How to run it.
 * @param run The run.
 * @returns How it ended.
 * @throws {TypeError} If the command or an option is not what it must be.
 * @throws {PermissionError} If it may not be run.
 * @throws {CommandError} If there is no such program or directory, or it cannot be started.
 */
export async function execCommand(
  command: ExecCommand,
  options: ExecOptions,
  run: ExecutingRun,
): Promise<ExecResult> {
  checkExec(command, options);
  if (run.isOver()) throw new TypeError(overForCommand(run.run));
  const { signal, captureStderr = true, showOutput = true } = options;
  signal?.throwIfAborted();
  const isGroup = (options.forwardSignals ?? false) &&
    Deno.build.os !== "windows" && granted({ name: "run" });
  const child = start(command, { ...options, dir: run.dir, isGroup });
  const forwarder = new SignalForwarder(child, isGroup);
  if (options.forwardSignals) forwarder.listen();
  const ranks = new RankWriters(run.dir);
  let isSuccess = false;
  const onAbort = () => forwarder.end(GRACE_MS);
  signal?.addEventListener("abort", onAbort);
  try {
    const [{ code, signal: endedBy, success }] = await Promise.all([
      child.status.finally(() => forwarder[Symbol.dispose]()),
      takeStdout(child, options, { ...run, ranks }),
      ...captureStderr ? [takeStderr(child, { showOutput, run })] : [],
    ]);
    signal?.throwIfAborted();
    isSuccess = success;
    return { code, signal: endedBy, success };
  } finally {
    signal?.removeEventListener("abort", onAbort);
    await ranks.finish(isSuccess ? "Complete" : "Error");
    if (run.isOver()) run.log.close();
  }
}

interface StartOptions extends ExecOptions {
  readonly dir: string;
  /** Whether the command gets a process group of its own. */
  readonly isGroup: boolean;
}

function start(
  [program, ...args]: ExecCommand,
  options: StartOptions,
): Deno.ChildProcess {
  if (!granted({ name: "run", command: program })) {
    throw new PermissionError(`run "${program}"`, `--allow-run=${program}`);
  }
  const { cwd, env, stdin = "inherit", captureStderr = true } = options;
  const { showOutput = true } = options;
  try {
    return new Deno.Command(program, {
      args,
      ...(cwd === undefined ? {} : { cwd }),
      env: { PYTHONUNBUFFERED: "1", ...env, EM_RUN_DIR: options.dir },
      stdin,
      stdout: "piped",
      stderr: captureStderr ? "piped" : showOutput ? "inherit" : "null",
      detached: options.isGroup,
    }).spawn();
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new PermissionError(`run "${program}"`, "--allow-run", {
        cause: error,
      });
    }
    if (!(error instanceof Error)) throw error;
    throw new CommandError(program, { cause: error, cwd });
  }
}

interface RankedRun extends ExecutingRun {
  /** The run's ranks. */
  readonly ranks: RankWriters;
}

function takeStdout(
  child: Deno.ChildProcess,
  options: ExecOptions,
  run: RankedRun,
): Promise<void> {
  const { showOutput = true, showMetrics = false } = options;
  const { reporter } = run;
  const show = showOutput
    ? printer({ write: writeUncaptured, reporter })
    : undefined;
  const splitter = new MetricLineSplitter();
  const takeAll = async (parts: Iterable<OutputPart>) => {
    for (const { kind, bytes } of parts) {
      const isLogged = kind === "metrics" && await logMetrics(bytes, run);
      if (isLogged && !showMetrics) continue;
      copyToLog(run.log, bytes);
      await show?.(bytes);
    }
  };
  return readOutput(child.stdout, {
    ended: child.status,
    take: (chunk) => takeAll(splitter.push(chunk)),
  }).then(() => takeAll(splitter.end()));
}

function takeStderr(
  child: Deno.ChildProcess,
  { showOutput, run: { log, reporter } }: {
    readonly showOutput: boolean;
    readonly run: ExecutingRun;
  },
): Promise<void> {
  const show = showOutput
    ? printer({ write: (bytes) => print("stderr", bytes), reporter })
    : undefined;
  return readOutput(child.stderr, {
    ended: child.status,
    async take(chunk) {
      copyToLog(log, chunk);
      await show?.(chunk);
    },
  });
}

/** Logs what a line says; a line that cannot be logged is ordinary output, and the command goes on. */
async function logMetrics(
  bytes: Uint8Array,
  run: RankedRun,
): Promise<boolean> {
  try {
    const { type, metrics, position, rank } = readMetricLine(bytes);
    const writer = rank === 0 ? run.run : await run.ranks.of(rank);
    writer.log(type, metrics, position);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const why = error instanceof SyntaxError ? "it is no JSON" : error.message;
    run.reporter.warn(
      `metrics line ${run.dir}`,
      `A line with metrics could not be logged and is kept as ordinary output: ${why}; this is said once`,
    );
    return false;
  }
}
