import type { Command } from "commander";
import type { ExportTally } from "../exchange/text_export.ts";
import type { RunSource } from "../exchange/run_source.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { oneOf } from "./options.ts";
import { printJson } from "./output/print.ts";
import { safeText } from "../safe_text.ts";

const FORMATS = ["csv", "jsonl", "parquet", "tensorboard"] as const;
type Format = typeof FORMATS[number];

interface ExportFlags {
  readonly to: Format;
  readonly output?: string;
  readonly wide?: true;
  readonly force?: true;
  readonly host?: string;
  readonly json?: true;
}

/**
 * Adds `em export`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addExport(program: Command, io: CliIo): void {
  program.command("export")
    .summary("write a run's metrics in another format")
    .description(
      "Writes the metrics of a run, on this machine or on a server, in a format that other programs read. CSV and JSON " +
        "lines go to stdout unless a file is named. NaN and the infinities are NaN, Infinity and -Infinity, in JSON as " +
        "texts.",
    )
    .argument("<run>", "a run directory, or a run's path on the server")
    .requiredOption(
      "-t, --to <format>",
      `one of ${FORMATS.join(", ")}`,
      oneOf<Format>(FORMATS),
    )
    .option(
      "-o, --output <path>",
      "the file to write, for tensorboard a new directory (default: stdout)",
    )
    .option(
      "--wide",
      "CSV with one record a line and one column a metric (default: one value a line)",
    )
    .option("--force", "replace the file if there is one")
    .option(
      "--host <url>",
      "the server to look for the run on (default: a directory, else the current context's)",
    )
    .option("--json", "say what was written as JSON; needs --output")
    .addHelpText(
      "after",
      `
Examples:
  em export .em/runs/cnn_mnist_261123_082118_6fauz3 --to csv > metrics.csv
  em export .em/runs/cnn_mnist_261123_082118_6fauz3 --to csv --wide
  em export .em/runs/cnn_mnist_261123_082118_6fauz3 --to parquet -o m.parquet
  em export .em/runs/cnn_mnist_261123_082118_6fauz3 --to tensorboard -o logs
  em export cv/mnist/cnn_mnist --to jsonl | head`,
    )
    .action((run: string, flags: ExportFlags) => exportRun(run, { flags, io }));
}

interface Given {
  readonly flags: ExportFlags;
  readonly io: CliIo;
}

async function exportRun(
  reference: string,
  { flags, io }: Given,
): Promise<void> {
  checkFlags(flags);
  const { openRun } = await import("../exchange/run_source.ts");
  const run = await openRun(reference, { host: flags.host });
  const tally = await write(run, { flags, io });
  for (const note of tally.notes) io.stderr(`em: ${safeText(note)}\n`);
  if (flags.json) {
    const { to: format, output: path } = flags;
    const { records, notes } = tally;
    printJson(io, { run: run.path, format, path, records, notes });
  }
}

function checkFlags({ to, output, wide, json }: ExportFlags): void {
  if (wide && to !== "csv") throw new UsageFailure("--wide is for --to csv");
  if (output !== undefined) return;
  if (to === "tensorboard") {
    throw new UsageFailure("--to tensorboard needs a directory: add -o <dir>");
  }
  if (to === "parquet") {
    throw new UsageFailure("--to parquet needs a file: add -o <file>");
  }
  if (json) {
    throw new UsageFailure(
      "--json needs a file for the metrics: add -o <file>",
    );
  }
}

async function write(run: RunSource, given: Given): Promise<ExportTally> {
  const { flags, io } = given;
  const { output } = flags;
  if (flags.to === "tensorboard" && output !== undefined) {
    requireEmpty(output);
    const { exportTensorboard } = await import(
      "../exchange/tensorboard_export.ts"
    );
    return await exportTensorboard(run, output);
  }
  if (output === undefined) return await writeText(run, flags, io.stdout);
  return await toFile(output, flags.force ?? false, async (path) => {
    if (flags.to === "parquet") {
      const { exportParquet } = await import("../exchange/parquet_export.ts");
      return await exportParquet(run, path);
    }
    using file = Deno.openSync(path, { write: true, createNew: true });
    const encoder = new TextEncoder();
    return await writeText(run, flags, (text) => {
      let rest = encoder.encode(text);
      while (rest.length > 0) rest = rest.subarray(file.writeSync(rest));
    });
  });
}

async function writeText(
  run: RunSource,
  { to, wide }: ExportFlags,
  sink: (text: string) => void,
): Promise<ExportTally> {
  const text = await import("../exchange/text_export.ts");
  if (to === "jsonl") return await text.exportJsonl(run, sink);
  return await (wide ? text.exportWideCsv : text.exportCsv)(run, sink);
}

/** Two runs in one directory would be one run for TensorBoard. */
function requireEmpty(dir: string): void {
  try {
    if ([...Deno.readDirSync(dir)].length === 0) return;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
  throw new CliFailure(
    `"${safeText(dir)}" is not empty: name a directory for this run alone`,
  );
}

/** Writes a file that appears only when it is whole. */
async function toFile<T>(
  path: string,
  mayReplace: boolean,
  work: (path: string) => Promise<T>,
): Promise<T> {
  const { exists } = await import("@std/fs");
  if (!mayReplace && await exists(path)) {
    throw new CliFailure(
      `"${
        safeText(path)
      }" is there already: name another file, or add --force to replace it`,
    );
  }
  const partial = `${path}.${crypto.randomUUID().slice(0, 8)}.part`;
  try {
    const result = await work(partial);
    await Deno.rename(partial, path);
    return result;
  } catch (error) {
    await Deno.remove(partial).catch(() => {});
    throw error;
  }
}
