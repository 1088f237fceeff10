import type { Command } from "commander";
import type { NodeEntry } from "../reading/node_entry.ts";
import type { NodeSource } from "../reading/node_source.ts";
import { safeText } from "../safe_text.ts";
import { commandProgress } from "./command_progress.ts";
import { CliFailure, UsageFailure } from "./failure.ts";
import type { CliIo } from "./io.ts";
import { parseCount } from "./options.ts";
import { toJsonValue } from "./output/json_text.ts";
import { printJson, printTable } from "./output/print.ts";
import { paintStatus, statusText } from "./output/status.ts";
import type { TableColumn } from "./output/table.ts";
import {
  countText,
  durationText,
  numberText,
  timeText,
} from "./output/texts.ts";

interface LsFlags {
  readonly host?: string;
  readonly columns?: readonly string[];
  readonly sort?: string;
  readonly reverse?: true;
  readonly filter?: string;
  readonly limit?: number;
  readonly json?: true;
}

/** How many runs are looked into at once for what `--columns` names. */
const AT_ONCE = 8;

/** A value that `--columns` names; undefined where a run does not have it. */
type Value = string | number | undefined;

/** An entry with what `--columns` names. */
interface Row {
  readonly entry: NodeEntry;
  readonly values: readonly Value[];
}

/**
 * Adds `em ls`.
 *
 * @param program The command to add it to.
 * @param io Where it writes.
 */
export function addLs(program: Command, io: CliIo): void {
  program.command("ls")
    .summary("list runs and artifacts")
    .description(
      "Lists runs and artifacts, the latest first: those in a directory, or what is in a folder of the server that " +
        "em login remembered.",
    )
    .argument(
      "[path...]",
      "directories, runs, or folders on the server, absolute or below the user's own (default: .em/runs and .em/artifacts)",
    )
    .option("--host <url>", "the server's address; the paths are on it")
    .option(
      "--columns <names>",
      "also hyperparameters and last values of metrics, these with their type, such as lr,optimizer.name,val.accuracy",
      (text) => text.split(",").map((name) => name.trim()).filter(Boolean),
    )
    .option(
      "--sort <column>",
      "sort by name, type, status, started, duration, or one of --columns (default: started, the latest first)",
    )
    .option("-r, --reverse", "turn the order around")
    .option(
      "--filter <text>",
      "only those with these words in their names, type, status or labels",
    )
    .option("-n, --limit <number>", "at most so many", parseCount)
    .option("--json", "print one JSON document")
    .addHelpText(
      "after",
      `
Examples:
  em ls
  em ls .em/runs --filter "error cnn" --limit 20
  em ls --columns lr,val.accuracy --sort val.accuracy --reverse
  em ls cv/mnist --json`,
    )
    .action((paths: string[], flags: LsFlags) => ls(paths, flags, io));
}

async function ls(
  paths: readonly string[],
  flags: LsFlags,
  io: CliIo,
): Promise<void> {
  const { columns = [], sort = "started", limit = Infinity } = flags;
  checkSort(sort, columns);
  const rows = await rowsOf(paths, { ...flags, columns, sort, limit }, io);
  if (flags.json) return printJson(io, rows.map((row) => toJson(row, columns)));
  if (rows.length === 0) return io.stderr("em: nothing is there\n");
  print(rows, columns, io);
  await hint(rows, { ...flags, columns }, io);
}

/** Says what a column is called that is in no row, if a metric's type alone is missing in its name. */
async function hint(
  rows: readonly Row[],
  { columns, host }: LsFlags & Required<Pick<LsFlags, "columns">>,
  io: CliIo,
): Promise<void> {
  const missing = columns.filter((_, at) =>
    rows.every(({ values }) => values[at] === undefined)
  );
  if (missing.length === 0) return;
  const { columnsMeant } = await import("./column_hint.ts");
  const { openNode } = await import("../reading/open_node.ts");
  const runs = rows.filter(({ entry }) => entry.type === "Run")
    .map(({ entry }) => () => openNode(entry.path, { host }));
  for (const [name, meant] of await columnsMeant(missing, runs)) {
    const shown = [...meant].sort().join(" or ");
    const said = `no run has "${name}" (Did you mean ${shown}?)`;
    io.stderr(`em: ${safeText(said)}\n`);
  }
}

/** Finds what is to be listed, and says on a terminal how far that is. */
async function rowsOf(
  paths: readonly string[],
  flags: LsFlags & Required<Pick<LsFlags, "columns" | "sort" | "limit">>,
  io: CliIo,
): Promise<Row[]> {
  const { columns, sort, limit } = flags;
  let text: string | undefined;
  using _shown = await commandProgress(io, {
    title: "Listing",
    look: () => text === undefined ? undefined : { text },
  });
  const wanted = matcher(flags.filter ?? "");
  const found = await find(paths, flags, (said) => text = said);
  const entries = found.filter(wanted);
  const isByValue = columns.includes(sort);
  if (!isByValue) entries.sort(order(sort, flags));
  const kept = isByValue ? entries : entries.slice(0, limit);
  if (columns.length === 0) {
    return kept.map((entry) => ({ entry, values: [] }));
  }
  const rows = await readValues(kept, flags, (said) => text = said);
  if (!isByValue) return rows;
  rows.sort(byValue(columns.indexOf(sort), flags));
  return rows.slice(0, limit);
}

async function find(
  paths: readonly string[],
  { host }: LsFlags,
  say: (text: string) => void,
): Promise<NodeEntry[]> {
  const { listLocal } = await import("../reading/node_entry.ts");
  if (paths.length === 0 && host === undefined) return listLocal(defaults());
  const { findRemote, isLocal } = await import("../reading/open_node.ts");
  const entries: NodeEntry[] = [];
  for (const path of paths.length > 0 ? paths : [""]) {
    if (isLocal(path, { host })) {
      if (!isThere(path)) {
        throw new CliFailure(`"${path}" is not a directory`);
      }
      entries.push(...listLocal([path]));
    } else {
      const { listRemote } = await import("../reading/list_remote.ts");
      const known = entries.length;
      const listed = await listRemote(await findRemote(path, { host }), {
        onProgress: (done, all) =>
          say(`${known + done} of ${countText(known + all, "node")}`),
      });
      entries.push(...listed);
    }
  }
  return entries;
}

function defaults(): string[] {
  return [
    Deno.env.get("EM_RUN_PARENT_DIR") || ".em/runs",
    Deno.env.get("EM_ARTIFACT_PARENT_DIR") || ".em/artifacts",
  ];
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

const FIELDS = ["name", "type", "status", "started", "duration"] as const;
type Field = typeof FIELDS[number];

function checkSort(sort: string, columns: readonly string[]): void {
  const known: readonly string[] = [...FIELDS, ...columns];
  if (known.includes(sort)) return;
  throw new UsageFailure(
    `cannot sort by "${sort}": it must be one of ${known.join(", ")}`,
  );
}

function matcher(filter: string): (entry: NodeEntry) => boolean {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  return (entry) => {
    if (words.length === 0) return true;
    const { name, alternativeName, type, labels } = entry;
    const text = [name, alternativeName, type, statusText(entry), ...labels]
      .join("\n").toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

type Order<T> = (a: T, b: T) => number;

function order(sort: string, { reverse }: LsFlags): Order<NodeEntry> {
  const key: Record<Field, (entry: NodeEntry) => string | number> = {
    name: ({ alternativeName }) => alternativeName,
    type: ({ type }) => type,
    status: (entry) => statusText(entry),
    started: ({ startTimestamp }) =>
      startTimestamp === null ? Infinity : -Date.parse(startTimestamp),
    duration: ({ durationMs }) => durationMs ?? Infinity,
  };
  const of = key[sort as Field];
  const keys = new Map<NodeEntry, string | number>();
  const keyOf = (entry: NodeEntry) => {
    const known = keys.get(entry) ?? of(entry);
    keys.set(entry, known);
    return known;
  };
  const turn = reverse ? -1 : 1;
  return (a, b) => turn * compare(keyOf(a), keyOf(b));
}

/** What a run does not have is last, whatever the order. */
function byValue(at: number, { reverse }: LsFlags): Order<Row> {
  const turn = reverse ? -1 : 1;
  const isKnown = (value: Value): value is string | number =>
    value !== undefined && !Number.isNaN(value);
  return (a, b) => {
    const [x, y] = [a.values[at], b.values[at]];
    if (!isKnown(x) || !isKnown(y)) {
      return Number(isKnown(y)) - Number(isKnown(x));
    }
    return turn * compare(x, y);
  };
}

function compare(a: string | number, b: string | number): number {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}

async function readValues(
  entries: readonly NodeEntry[],
  { columns = [], host }: LsFlags,
  say: (text: string) => void,
): Promise<Row[]> {
  const { pooledMap } = await import("@std/async");
  const { openNode } = await import("../reading/open_node.ts");
  const { readColumns } = await import("../reading/column_values.ts");
  let known = 0;
  return await Array.fromAsync(
    pooledMap(AT_ONCE, entries, async (entry) => {
      say(`columns of ${known++} of ${countText(entries.length, "node")}`);
      if (entry.type !== "Run") return { entry, values: [] };
      const source: NodeSource = await openNode(entry.path, { host });
      return { entry, values: await readColumns(source, columns) };
    }),
  );
}

function toJson({ entry, values }: Row, columns: readonly string[]): unknown {
  const pairs = columns.map((name, at) => [name, values[at] ?? null] as const);
  return toJsonValue(
    columns.length === 0
      ? entry
      : { ...entry, columns: Object.fromEntries(pairs) },
  );
}

function print(
  rows: readonly Row[],
  columns: readonly string[],
  io: CliIo,
): void {
  const isNumeric = columns.map((_, at) =>
    rows.every(({ values }) => typeof values[at] !== "string")
  );
  const hasLabels = rows.some(({ entry }) => entry.labels.length > 0);
  const table: TableColumn[] = [
    { title: "NAME", least: 24 },
    { title: "TYPE" },
    {
      title: "STATUS",
      paint: (text, row) => paintStatus(text, rows[row]?.entry, io),
    },
    { title: "STARTED" },
    { title: "DURATION", isNumeric: true },
    ...columns.map((title, at) => ({
      title,
      least: 10,
      isNumeric: isNumeric[at] ?? false,
    })),
    ...(hasLabels ? [{ title: "LABELS", least: 8 }] : []),
  ];
  const cell = (value: Value): string =>
    typeof value === "number" ? numberText(value) : value ?? "";
  printTable(
    io,
    table,
    rows.map(({ entry, values }) => [
      entry.alternativeName,
      entry.type,
      statusText(entry),
      timeText(entry.startTimestamp),
      durationText(entry.durationMs),
      ...columns.map((_, at) => cell(values[at])),
      entry.labels.join(", "),
    ]),
  );
}
