import type { Command } from "commander";
import type { ComparedRow, CompareGroup } from "../reading/compare_nodes.ts";
import type { NodeDescription } from "../reading/describe_node.ts";
import { valueText } from "../reading/flat_values.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { toJsonValue } from "./output/json_text.ts";
import { colorsOf, printJson, printTable } from "./output/print.ts";
import { printSection } from "./output/sections.ts";
import { paintStatus, statusText } from "./output/status.ts";
import { tableLines } from "./output/table.ts";
import { durationText, numberText, timeText } from "./output/texts.ts";
import { count } from "./serve_data.ts";

interface CompareFlags {
  readonly host?: string;
  readonly all?: true;
  readonly json?: true;
}

/** The heads of the groups. */
const TITLES: Readonly<Record<CompareGroup, string>> = {
  hparams: "Hyperparameters",
  metrics: "Metrics (last values)",
  environment: "Environment",
};

/** How few characters a name, and a value, may be cut to. */
const LEAST_NAME = 12;
const LEAST_VALUE = 10;
const GAP = 2;

/**
 * Adds `em compare`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addCompare(program: Command, io: CliIo): void {
  program.command("compare")
    .summary("show in what runs differ")
    .description(
      "Shows in what runs differ: hyperparameters, last values of metrics, platform and git. What is the same in all of " +
        "them is counted.",
    )
    .argument(
      "<run...>",
      "two or more: directories, or paths on the server",
    )
    .option("--host <url>", "the server's address; the paths are on it")
    .option("--all", "also what is the same")
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em compare .em/runs/cnn_mnist_*
  em compare .em/runs/cnn_mnist_261123_082118_6fauz3 cv/mnist/cnn_mnist --all`,
    )
    .action((runs: string[], flags: CompareFlags) => compare(runs, flags, io));
}

async function compare(
  runs: readonly string[],
  flags: CompareFlags,
  io: CliIo,
): Promise<void> {
  if (runs.length < 2) {
    throw new UsageFailure("one run is nothing to compare: name two or more");
  }
  const { openNode } = await import("../reading/open_node.ts");
  const { describeNode } = await import("../reading/describe_node.ts");
  const { compareNodes } = await import("../reading/compare_nodes.ts");
  const nodes: NodeDescription[] = [];
  for (const run of runs) {
    const node = await describeNode(await openNode(run, flags));
    if (node.type !== "Run") throw new CliFailure(`"${run}" is not a run`);
    nodes.push(node);
  }
  const rows = compareNodes(nodes);
  if (flags.json) return printJson(io, toJson(nodes, rows));
  printLegend(nodes, io);
  const titles = nodes.map((_, at) => `#${at + 1}`);
  for (const group of Object.keys(TITLES) as CompareGroup[]) {
    const wanted = rows.filter((row) =>
      row.group === group && (flags.all || !row.isEqual)
    );
    printSection(io, TITLES[group], groupLines(wanted, titles, io));
  }
  const equal = rows.filter(({ isEqual }) => isEqual).length;
  if (equal === rows.length) io.stdout("\nNothing differs\n");
  if (equal > 0 && !flags.all) {
    io.stdout(
      `\n${count(equal, "value")} the same in all (--all shows them)\n`,
    );
  }
}

function toJson(
  nodes: readonly NodeDescription[],
  rows: readonly ComparedRow[],
): unknown {
  const shown = (isEqual: boolean) =>
    rows.filter((row) => row.isEqual === isEqual)
      .map(({ group, name, values }) => ({
        group,
        name,
        values: values.map((value) => value ?? null),
      }));
  return toJsonValue({
    runs: nodes.map((
      {
        path,
        host,
        name,
        alternativeName,
        status,
        state,
        startTimestamp,
        durationMs,
      },
    ) => ({
      ...{ path, host, name, alternativeName, status, state },
      ...{ startTimestamp, durationMs },
    })),
    different: shown(false),
    equal: shown(true),
  });
}

function printLegend(nodes: readonly NodeDescription[], io: CliIo): void {
  printTable(
    io,
    [
      { title: "#" },
      { title: "RUN", least: LEAST_NAME },
      {
        title: "STATUS",
        paint: (text, row) => paintStatus(text, nodes[row], io),
      },
      { title: "STARTED" },
      { title: "DURATION", isNumeric: true },
    ],
    nodes.map((node, at) => [
      `#${at + 1}`,
      node.alternativeName,
      statusText(node),
      timeText(node.startTimestamp),
      durationText(node.durationMs),
    ]),
  );
}

/** Lays out a group; runs that do not fit beside the others come below them. */
function groupLines(
  rows: readonly ComparedRow[],
  titles: readonly string[],
  io: CliIo,
): string[] {
  if (rows.length === 0) return [];
  const width = (io.terminal()?.columns ?? Infinity) - GAP;
  const room = Math.floor((width - LEAST_NAME) / (LEAST_VALUE + GAP));
  const atOnce = Math.max(1, Math.min(titles.length, room));
  const lines: string[] = [];
  for (let start = 0; start < titles.length; start += atOnce) {
    const end = start + atOnce;
    const block = tableLines({
      columns: [
        { title: "", least: LEAST_NAME },
        ...titles.slice(start, end).map((title, at) => ({
          title,
          least: LEAST_VALUE,
          isNumeric: rows.every(({ values }) =>
            ["number", "undefined"].includes(typeof values[start + at])
          ),
        })),
      ],
      rows: rows.map(({ name, values }) => [
        name,
        ...values.slice(start, end).map(cell),
      ]),
      width,
      paintHead: colorsOf(io).dim,
    });
    if (start > 0) lines.push("");
    lines.push(...block.map((line) => `  ${line}`));
  }
  return lines;
}

function cell(value: ComparedRow["values"][number]): string {
  if (typeof value === "number") return numberText(value);
  return value === undefined ? "-" : valueText(value);
}
