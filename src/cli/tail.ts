import { type Command, InvalidArgumentError } from "commander";
import type { TailRecord } from "../reading/run_tail.ts";
import type { CliIo } from "./io.ts";
import { toJsonValue } from "./output/json_text.ts";
import { colorsOf } from "./output/print.ts";
import { safeText } from "../safe_text.ts";
import { numberText } from "./output/texts.ts";
import { stopOnSignal } from "./stop_on_signal.ts";

interface TailFlags {
  readonly host?: string;
  readonly lines: number;
  readonly follow?: true;
  readonly metrics?: true;
  readonly json?: true;
}

/**
 * Adds `em tail`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addTail(program: Command, io: CliIo): void {
  program.command("tail")
    .summary("show the end of a run's log, and what comes to it")
    .description(
      "Shows the last lines that a run has printed. With --follow it goes on until the run has ended, or Ctrl-C.",
    )
    .argument("<run>", "a directory, or a path on the server")
    .option("--host <url>", "the server's address; the path is on it")
    .option("-n, --lines <number>", "how many lines", parseLines, 10)
    .option("-f, --follow", "go on until the run has ended")
    .option("-m, --metrics", "also records of metrics")
    .option("--json", "print a JSON document a line")
    .addHelpText(
      "after",
      `
Examples:
  em tail .em/runs/cnn_mnist_261123_082118_6fauz3
  em tail .em/runs/cnn_mnist_261123_082118_6fauz3 -f -m
  em tail cv/mnist/cnn_mnist -n 100 --json`,
    )
    .action((run: string, flags: TailFlags) => tail(run, flags, io));
}

function parseLines(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidArgumentError("It must be a whole number");
  }
  return Number(text);
}

async function tail(run: string, flags: TailFlags, io: CliIo): Promise<void> {
  const { openNode } = await import("../reading/open_node.ts");
  const { tailRun } = await import("../reading/run_tail.ts");
  const source = await openNode(run, flags);
  const { lines, follow = false, metrics, json } = flags;
  const stop = new AbortController();
  const unlisten = follow
    ? stopOnSignal(() => Promise.resolve(stop.abort()))
    : () => {};
  const takeLines = json ? jsonLines(io) : plainLines(io);
  const takeRecord = json ? jsonRecord(io) : plainRecord(io);
  const endIfUnread = () => {
    if (io.isStdoutClosed?.()) stop.abort();
  };
  try {
    const status = await tailRun(source, {
      lines,
      follow,
      signal: stop.signal,
      onLines(lines) {
        takeLines(lines);
        endIfUnread();
      },
      onRecord: metrics && ((record) => {
        takeRecord(record);
        endIfUnread();
      }),
    });
    if (status !== undefined) io.stderr(`em: the run has ended: ${status}\n`);
  } finally {
    unlisten();
  }
}

type TakeLines = (lines: readonly string[]) => void;
type TakeRecord = (record: TailRecord) => void;

/** Of a line that was written over, as progress bars do, what is seen at the end is shown. */
function plainLines(io: CliIo): TakeLines {
  return (lines) => {
    const texts = lines.map((line) => {
      const text = line.replace(/\r+$/, "");
      return text.slice(text.lastIndexOf("\r") + 1).split("\t").map(safeText)
        .join("\t");
    });
    io.stdout(`${texts.join("\n")}\n`);
  };
}

function plainRecord(io: CliIo): TakeRecord {
  const { dim, cyan } = colorsOf(io);
  return ({ type, step, epoch, values }) => {
    const place = `step ${step}${epoch === null ? "" : ` epoch ${epoch}`}`;
    const texts = Object.entries(values).map(([name, value]) =>
      `${safeText(name)}=${numberText(Number(value))}`
    );
    io.stdout(
      `${cyan(safeText(type))} ${dim(safeText(place))} ${texts.join(" ")}\n`,
    );
  };
}

function jsonLines(io: CliIo): TakeLines {
  return (lines) =>
    io.stdout(lines.map((log) => `${JSON.stringify({ log })}\n`).join(""));
}

function jsonRecord(io: CliIo): TakeRecord {
  return (record) =>
    io.stdout(`${JSON.stringify({ metrics: toJsonValue(record) })}\n`);
}
