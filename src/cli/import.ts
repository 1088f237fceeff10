import type { Command } from "commander";
import type { ImportedRun, ImportResult } from "../exchange/imported_run.ts";
import { CliFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { shownPath } from "../local/shown_path.ts";
import { printJson, printTable } from "./output/print.ts";
import { safeText } from "../safe_text.ts";

interface ImportFlags {
  readonly into?: string;
  readonly json?: true;
}

/** How the runs of another tracker are found. */
type Finder = (path: string) => Promise<readonly ImportedRun[]>;

/** A tracker whose runs can be imported. */
interface Kind {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly path: string;
  readonly examples: string;
  readonly finder: () => Promise<Finder>;
}

const KINDS: readonly Kind[] = [
  {
    name: "tensorboard",
    summary: "import TensorBoard event files",
    description:
      "Makes a run of each directory that holds TensorBoard event files. Directories called train, validation and the " +
      "like are metric types of the run above them, and so is the first part of a tag such as train/loss; other tags are " +
      "of the type train. Scalars and hyperparameters are taken over.",
    path: "a log directory, or an event file",
    examples:
      "  em import tensorboard logs\n  em import tensorboard logs --into .em/runs --json",
    finder: async () =>
      (await import("../exchange/tensorboard_import.ts")).findTensorboardRuns,
  },
  {
    name: "wandb-offline",
    summary: "import runs that W&B recorded offline",
    description:
      "Makes a run of each .wandb file: name, notes, tags, config, history and console output. A first part of a metric's " +
      "name such as train/ becomes its type; other metrics are of the type train.",
    path: "a .wandb file, a run's directory, or wandb",
    examples: "  em import wandb-offline wandb",
    finder: async () =>
      (await import("../exchange/wandb_import.ts")).findWandbRuns,
  },
  {
    name: "mlflow",
    summary: "import runs from an MLflow store",
    description:
      "Makes a run of each run in MLflow's store of files or of SQLite, without those that were deleted: name, note, tags, " +
      "parameters and metrics. A first part of a metric's name such as train/ becomes its type; other metrics are of the " +
      "type train.",
    path: "mlruns, mlflow.db, or a directory that holds them",
    examples: "  em import mlflow mlruns\n  em import mlflow mlflow.db",
    finder: async () =>
      (await import("../exchange/mlflow_import.ts")).findMlflowRuns,
  },
];

/**
 * Adds `em import`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addImport(program: Command, io: CliIo): void {
  const command = program.command("import")
    .summary("make runs of what other trackers recorded")
    .description(
      "Makes ordinary, finished runs of what other trackers recorded, with their times, metrics and hyperparameters, and " +
        "the label imported. Each gets a directory of its own; nothing is overwritten. What cannot be taken over is said.",
    )
    .addHelpText(
      "after",
      `\nExamples:\n${KINDS.map(({ examples }) => examples).join("\n")}`,
    );
  for (const kind of KINDS) {
    command.command(kind.name)
      .summary(kind.summary)
      .description(kind.description)
      .argument("<path>", kind.path)
      .option(
        "--into <dir>",
        "the directory of runs (default: EM_RUN_PARENT_DIR, else .em/runs)",
      )
      .option("--json", "say what was imported as JSON")
      .addHelpText("after", `\nExamples:\n${kind.examples}`)
      .action((path: string, flags: ImportFlags) =>
        importRuns(path, { kind, flags, io })
      );
  }
}

async function importRuns(
  path: string,
  { kind, flags, io }: {
    readonly kind: Kind;
    readonly flags: ImportFlags;
    readonly io: CliIo;
  },
): Promise<void> {
  const find = await kind.finder();
  const { writeImportedRun } = await import("../exchange/imported_run.ts");
  const into = flags.into ?? (io.env("EM_RUN_PARENT_DIR") || ".em/runs");
  const runs = await find(path);
  const done: ImportResult[] = [];
  let failed = 0;
  for (const run of runs) {
    try {
      const result = await writeImportedRun(into, run);
      done.push(result);
      for (const note of result.notes) {
        io.stderr(`em: ${safeText(`${run.source}: ${note}`)}\n`);
      }
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      failed++;
      io.stderr(`em: ${safeText(`${run.source}: ${error.message}`)}\n`);
    }
  }
  if (flags.json) printJson(io, done);
  else if (done.length > 0) printDone(io, done);
  if (failed > 0) {
    throw new CliFailure(`${failed} of ${runs.length} not imported`);
  }
}

function printDone(io: CliIo, done: readonly ImportResult[]): void {
  const columns = [
    { title: "RUN" },
    { title: "STATUS" },
    { title: "RECORDS", isNumeric: true },
    { title: "FROM", least: 12 },
  ];
  const rows = done.map(({ path, status, records, source }) => [
    shownPath(path),
    status,
    String(records),
    source,
  ]);
  printTable(io, columns, rows);
}
