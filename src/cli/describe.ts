import type { Command } from "commander";
import type { Attempt } from "../format/attempts.ts";
import type { Association } from "../format/metadata.ts";
import { formatBytes } from "../progress.ts";
import type { NodeDescription } from "../reading/describe_node.ts";
import type { RelatedRun } from "../reading/node_source.ts";
import { flatValues, valueText } from "../reading/flat_values.ts";
import type { SeriesPoint, SeriesSummary } from "../reading/series.ts";
import { SYSTEM_TYPE } from "../format/system_type.ts";
import type { CliIo } from "./io.ts";
import { toJsonValue } from "./output/json_text.ts";
import { colorsOf, printJson } from "./output/print.ts";
import { safeText } from "../safe_text.ts";
import { type Fact, factLines, printSection } from "./output/sections.ts";
import { sparkline } from "./output/sparkline.ts";
import { paintStatus, statusText } from "./output/status.ts";
import { tableLines } from "./output/table.ts";
import {
  countText,
  durationText,
  numberText,
  timeText,
} from "./output/texts.ts";

interface DescribeFlags {
  readonly host?: string;
  readonly detail?: true;
  readonly json?: true;
}

/** How wide a curve is in a line, and on a terminal that is narrower than the next. */
const SPARK_WIDTH = 24;
const NARROW_SPARK_WIDTH = 10;
const NARROW = 110;

/**
 * Adds `em describe`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addDescribe(program: Command, io: CliIo): void {
  program.command("describe")
    .summary("show all about a run or an artifact")
    .description(
      "Shows status, hyperparameters, metrics, artifacts, uploads, platform and git of a run; of an artifact which " +
        "runs have produced and used it, and its uploads. A running run is shown as it is at this moment.",
    )
    .argument(
      "<path>",
      "a directory, or a path on the server, absolute or below the user's own folder",
    )
    .option("--host <url>", "the server's address; the path is on it")
    .option(
      "--detail",
      "also where metrics are least and greatest, system metrics, all uploads and packages",
    )
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em describe .em/runs/cnn_mnist_261123_082118_6fauz3
  em describe cv/mnist/cnn_mnist --detail
  em describe .em/runs/cnn_mnist_261123_082118_6fauz3 --json`,
    )
    .action((path: string, flags: DescribeFlags) => describe(path, flags, io));
}

async function describe(
  path: string,
  flags: DescribeFlags,
  io: CliIo,
): Promise<void> {
  const { openNode } = await import("../reading/open_node.ts");
  const { describeNode } = await import("../reading/describe_node.ts");
  const node = await describeNode(await openNode(path, flags));
  if (flags.json) return printJson(io, describedJson(node));
  print(node, flags.detail ?? false, io);
}

/**
 * A description for JSON; of a curve only what the text shows of it would be of use, so it is left out.
 *
 * @param node The description.
 * @returns The document.
 */
function describedJson(node: NodeDescription): unknown {
  const metrics = node.metrics.map(({ curve: _, marks: __, ...metric }) =>
    metric
  );
  return toJsonValue({ ...node, metrics });
}

function print(node: NodeDescription, isDetailed: boolean, io: CliIo): void {
  const { bold } = colorsOf(io);
  io.stdout(`${bold(`${node.type} ${safeText(node.alternativeName)}`)}\n`);
  io.stdout(`${headLines(node, io).join("\n")}\n`);
  printSection(io, "Hyperparameters", factLines(io, hparamFacts(node)));
  printSection(io, "Metrics", metricLines(node, isDetailed, io));
  printSection(io, "Attempts", factLines(io, attemptFacts(node)));
  printSection(io, "Ranks", factLines(io, rankFacts(node)));
  printSection(io, "Inputs", factLines(io, node.inputs.map(associationFact)));
  printSection(io, "Outputs", factLines(io, node.outputs.map(associationFact)));
  const runs = (all: readonly RelatedRun[]) =>
    factLines(io, all.map(({ path }) => ["Run", path]));
  printSection(io, "Produced by", runs(node.producedBy));
  printSection(io, "Used by", runs(node.usedBy));
  const remote = isDetailed ? node.remote : node.remote.slice(-1);
  printSection(
    io,
    isDetailed || node.remote.length < 2
      ? "Remote"
      : `Remote (the last of ${node.remote.length})`,
    factLines(
      io,
      remote.map(({ action, timestamp, host, path }) => [
        action,
        `${timeText(timestamp)}  ${path} on ${host}`,
      ]),
    ),
  );
  printSection(io, "Platform", factLines(io, platformFacts(node, isDetailed)));
  printSection(io, "Git", factLines(io, gitFacts(node)));
  for (const problem of node.problems) io.stderr(`em: ${safeText(problem)}\n`);
}

function headLines(node: NodeDescription, io: CliIo): string[] {
  const { files, sizeBytes } = node.contents;
  const isRun = node.type === "Run";
  const lines = factLines(io, [
    ["Name", node.name],
    ["Status", statusText(node)],
    [isRun ? "Started" : "Created", timeText(node.startTimestamp)],
    ["Ended", timeText(node.endTimestamp)],
    ["Duration", durationText(node.durationMs)],
    ["Labels", node.labels.join(", ")],
    ["Description", node.description],
    ["Path", node.path],
    ["Server", node.host ?? ""],
    ["Files", `${countText(files, "file")}, ${formatBytes(sizeBytes)}`],
  ]);
  const status = statusText(node);
  return lines.map((line, at) =>
    isRun && at === 1
      ? line.replace(status, paintStatus(status, node, io))
      : line
  );
}

function hparamFacts({ hparams }: NodeDescription): Fact[] {
  return [...flatValues(hparams)].map(([name, value]) => [
    name,
    typeof value === "number" ? String(value) : valueText(value) || '""',
  ]);
}

function metricLines(
  { metrics }: NodeDescription,
  isDetailed: boolean,
  io: CliIo,
): string[] {
  const shown = metrics.filter(({ type }) =>
    isDetailed || type !== SYSTEM_TYPE
  );
  const hidden = metrics.length - shown.length;
  const rest = hidden === 0
    ? []
    : [`  ${countText(hidden, "system metric")}, which --detail shows`];
  if (shown.length === 0) return rest;
  const at = (point: SeriesPoint | null) => {
    if (point === null) return "";
    const step = isDetailed && point.step !== null ? ` @${point.step}` : "";
    return numberText(point.value) + step;
  };
  const { columns = Infinity } = io.terminal() ?? {};
  const sparkWidth = columns < NARROW ? NARROW_SPARK_WIDTH : SPARK_WIDTH;
  const hasOdd = shown.some((metric) => oddText(metric) !== "");
  const numeric = ["COUNT", "LAST", "MIN", "MAX"].map((title) => ({
    title,
    isNumeric: true,
  }));
  return tableLines({
    columns: [
      { title: "METRIC", least: 12 },
      ...numeric,
      ...(hasOdd ? [{ title: "NOT FINITE" }] : []),
      { title: "CURVE" },
    ],
    rows: shown.map((metric) => [
      `${metric.type}/${metric.name}`,
      String(metric.count),
      at(metric.last),
      at(metric.min),
      at(metric.max),
      ...(hasOdd ? [oddText(metric)] : []),
      sparkline(metric.curve, sparkWidth),
    ]),
    width: columns - 2,
    paintHead: colorsOf(io).dim,
  }).map((line) => `  ${line}`).concat(rest);
}

function oddText({ nan, posInf, negInf }: SeriesSummary): string {
  const parts: [number, string][] = [
    [nan, "NaN"],
    [posInf, "Inf"],
    [negInf, "-Inf"],
  ];
  return parts.filter(([number]) => number > 0)
    .map(([number, name]) => `${number} ${name}`).join(", ");
}

/** The last attempt is how the run is. */
function attemptFacts(node: NodeDescription): Fact[] {
  const { attempts, endTimestamp } = node;
  return attempts.map((attempt, at) => [
    String(attempt.attempt),
    at < attempts.length - 1
      ? processText(attempt, attempt.status)
      : processText({ ...attempt, endTimestamp }, statusText(node)),
  ]);
}

function rankFacts({ ranks }: NodeDescription): Fact[] {
  return ranks.map((rank) => [
    String(rank.rank),
    processText(rank, rank.isKilled ? `${rank.status} (killed)` : rank.status),
  ]);
}

/** When a process wrote, and which one it was. */
function processText(
  { startTimestamp, endTimestamp, hostname, pid }: Pick<
    Attempt,
    "startTimestamp" | "endTimestamp" | "hostname" | "pid"
  >,
  status: string,
): string {
  const start = timeText(startTimestamp);
  const where = [
    hostname === null ? "" : `on ${hostname}`,
    pid === null ? "" : `process ${pid}`,
  ].filter((text) => text !== "").join(", ");
  return [
    status,
    endTimestamp === null ? start : `${start} to ${timeText(endTimestamp)}`,
    where,
  ].join("  ").trimEnd();
}

function associationFact(association: Association): Fact {
  return association.kind === "Artifact"
    ? ["Artifact", association.name]
    : [association.kind, `${association.path} (${association.id})`];
}

function platformFacts(
  { platform }: NodeDescription,
  isDetailed: boolean,
): Fact[] {
  if (platform === null) return [];
  const { hostname, os, python, deno, framework, pypkgs } = platform;
  const packages = Object.entries(pypkgs);
  return [
    ["Host", hostname ?? ""],
    ["System", os ?? ""],
    ["Python", python ?? ""],
    ["Deno", deno ?? ""],
    ["Framework", framework],
    ...(isDetailed ? packages : [
      ["Packages", packages.length > 0 ? `${packages.length}` : ""] as Fact,
    ]),
  ];
}

function gitFacts({ git }: NodeDescription): Fact[] {
  if (git === null) return [];
  const { repo_path, remote_url, branch, commit, is_dirty, entrypoint } = git;
  const dirty = is_dirty ? " (changed)" : "";
  return [
    ["Repository", remote_url ?? repo_path ?? ""],
    ["Branch", branch ?? ""],
    ["Commit", commit === null ? "" : commit + dirty],
    ["Script", entrypoint ?? ""],
  ];
}
