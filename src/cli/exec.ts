import { resolve, toFileUrl } from "@std/path";
import type { Command } from "commander";
import { CommandError } from "../errors.ts";
import { validateName } from "../format/names.ts";
import type { CreateRunOptions } from "../run/create_run_options.ts";
import type { Durability } from "../run/durability.ts";
import type { ExecCommand, ExecResult } from "../run/exec_options.ts";
import type { Run } from "../run/run.ts";
import type { ConflictStrategy } from "../upload/types.ts";
import { ExitFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { oneOf } from "./options.ts";

interface ExecFlags {
  readonly name?: string;
  readonly config?: string;
  readonly hparam?: readonly string[];
  readonly label?: readonly string[];
  readonly description?: string;
  readonly autoUpload?: true;
  readonly folder?: string;
  readonly makeFolder?: true;
  readonly conflictStrategy?: ConflictStrategy;
  readonly durability?: Durability;
  readonly systemMetrics?: boolean;
  readonly resume?: string;
  readonly captureStderr: boolean;
  readonly showMetrics?: boolean;
}

/**
 * Adds `em exec`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addExec(program: Command, io: CliIo): void {
  program.command("exec")
    .summary("run a program as a run")
    .description(
      "Runs a program, such as a training in Python, as a run: what it prints is shown and kept in stdout.log, and the " +
        "files that it writes into $EM_RUN_DIR belong to the run. SIGINT, SIGTERM and SIGHUP go to the program. The run " +
        "becomes Complete if it ends with exit code 0, else Error.",
    )
    .argument("<command...>", "the program and its arguments")
    .option("-n, --name <name>", 'the run\'s name (default: "default")')
    .option(
      "--config <file>",
      "a YAML file with name, hparams, labels and so on; the options win",
    )
    .option(
      "-p, --hparam <key=value>",
      "a hyperparameter, its value in YAML; optimizer.lr=0.1 leads into a map; may be repeated",
      collect,
    )
    .option("-l, --label <label>", "a label; may be repeated", collect)
    .option("-d, --description <text>", "what the run is about")
    .option("-u, --auto-upload", "upload it while it goes on")
    .option(
      "-f, --folder <path>",
      "the folder on the server, absolute or below the user's own (default: default)",
    )
    .option("-m, --make-folder", "make the folder if it is missing")
    .option(
      "-c, --conflict-strategy <strategy>",
      "what to do when another node has the name: new, skip, error or replace (default: new)",
      oneOf<ConflictStrategy>(["new", "skip", "error", "replace"]),
    )
    .option(
      "--durability <kind>",
      "what the records survive: process (a kill) or power (power loss) (default: process)",
      oneOf<Durability>(["process", "power"]),
    )
    .option(
      "--system-metrics",
      "record the load of the machine and of the program every 10 s",
    )
    .option(
      "--resume <which>",
      "go on with a run that was left unfinished: auto (if there is one), must, or the run itself",
    )
    .option("--no-capture-stderr", "leave stderr out of stdout.log")
    .option("--show-metrics", "show the lines that carry metrics, too")
    .passThroughOptions()
    .addHelpText(
      "after",
      `
A line on stdout such as
  EM_METRICS {"type": "train", "step": 1, "epoch": 1, "metrics": {"loss": 0.3}}
is logged and not shown. NaN, Infinity and -Infinity stand there as Python's
json writes them, or in quotes. Of several processes that train together each
adds "rank": 1 and so on, and has curves of its own.

The exit code is the program's, or 128 and the signal that ended it; 127 if
there is no such program, 126 if it cannot be started. stdout is the program's
own, so there is no --json: em ls -n 1 --json tells of the run.

Examples:
  em exec -- python3 train.py --epochs 3
  em exec -n cnn -p lr=0.1 -p optimizer.name=adam -l mnist -- python3 train.py
  em exec --config run.yaml -u -f cv/mnist -m -- sh train.sh
  em exec -n cnn --resume auto -- python3 train.py --from-checkpoint`,
    )
    .action((command: [string, ...string[]], flags: ExecFlags) =>
      exec(command, flags, io)
    );
}

function collect(
  text: string,
  before: readonly string[] = [],
): readonly string[] {
  return [...before, text];
}

async function exec(
  command: ExecCommand,
  flags: ExecFlags,
  io: CliIo,
): Promise<void> {
  const options = await optionsOf(flags);
  const { createRunOf } = await import("../run/create_run.ts");
  const run = await createRunOf(options, await programOf(command));
  const { code, why } = await runCommand(run, command, flags);
  const { status } = await run.finish({
    status: code === 0 ? "Complete" : "Error",
  });
  if (code === 0) return;
  io.stderr(`em: ${why}; run "${run.name}" has status ${status}\n`);
  throw new ExitFailure(code);
}

interface Ending {
  readonly code: number;
  /** What a failure is said to be. */
  readonly why: string;
}

async function runCommand(
  run: Run<object>,
  command: ExecCommand,
  { captureStderr, showMetrics = false }: ExecFlags,
): Promise<Ending> {
  const options = { captureStderr, showMetrics, forwardSignals: true };
  try {
    const ended = await run.exec(command, options);
    return { code: ended.code, why: whyOf(command, ended) };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { code: error.isMissing ? 127 : 126, why: error.message };
  }
}

function whyOf([program]: ExecCommand, { code, signal }: ExecResult): string {
  return signal === null
    ? `"${program}" ended with exit code ${code}`
    : `"${program}" was ended by ${signal}`;
}

/** The options win over the config file, which has the last word in `createRun`. */
async function optionsOf(flags: ExecFlags): Promise<CreateRunOptions<object>> {
  const { name, config, description, autoUpload, folder, makeFolder } = flags;
  const { conflictStrategy, durability, resume, hparam = [], label } = flags;
  const { systemMetrics = false } = flags;
  const { readHparams } = await import("./hparam_flags.ts");
  const { loadRunConfigFile } = await import("../config/run_config_file.ts");
  const file = config === undefined ? {} : await loadRunConfigFile(config);
  if (name !== undefined) checkName(name);
  const options = {
    ...file,
    ...(name === undefined ? {} : { name }),
    ...(description === undefined ? {} : { description }),
    ...(autoUpload === undefined ? {} : { autoUpload }),
    ...(folder === undefined ? {} : { folder }),
    ...(makeFolder === undefined ? {} : { makeFolder }),
    ...(conflictStrategy === undefined ? {} : { conflictStrategy }),
    ...(durability === undefined ? {} : { durability }),
    ...(resume === undefined ? {} : { resume }),
    ...(label === undefined ? {} : { labels: label }),
    hparams: readHparams(hparam, file.hparams),
    systemMetrics,
    // There is nothing of ours to capture; the program's output is kept anyway.
    captureConsole: false,
  };
  const isPlaced = folder ?? makeFolder ?? conflictStrategy;
  if (isPlaced !== undefined && !options.autoUpload) {
    throw new UsageFailure(
      "the options that name a place are for a run that is uploaded: add --auto-upload",
    );
  }
  return options;
}

function checkName(name: string): void {
  try {
    validateName("Run", name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageFailure(error.message);
  }
}

/** The script whose repository the run is about; the program's name, where the command has no script. */
async function programOf(
  command: ExecCommand,
): Promise<{ readonly mainModule: string; readonly entrypoint?: string }> {
  const [program] = command;
  for (const part of [...command.slice(1), program]) {
    const info = await Deno.stat(part).catch(() => undefined);
    if (info?.isFile) return { mainModule: toFileUrl(resolve(part)).href };
  }
  return {
    mainModule: toFileUrl(resolve("command")).href,
    entrypoint: program,
  };
}
