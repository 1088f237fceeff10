/**
 * Which columns a folder's table has, as a list that stands in the address and that the browser remembers.
 *
 * @module
 */

import type { Columns } from "../../api/types.ts";

/** A column that was chosen. */
export interface ChosenColumn {
  /** A field such as `started`, or a name of the server's such as `metrics.train/loss.last`. */
  readonly id: string;
  /** In pixels; undefined as it comes. */
  readonly width?: number;
}

/** What is known of nodes themselves, as columns. */
export const FIELDS = [
  "type",
  "status",
  "labels",
  "path",
  "description",
  "started",
  "ended",
  "duration",
  "modified",
  "editor",
  "arrived",
] as const;

/** What is known of nodes themselves, as columns. */
export type Field = typeof FIELDS[number];

/** What a metric's points come to. */
export const STATS = [
  "last",
  "min",
  "max",
  "mean",
  "first",
  "count",
  "nan",
  "posInf",
  "negInf",
] as const;

/** What a metric's points come to. */
export type Stat = typeof STATS[number];

/** How many columns the server answers. */
export const MAX_COLUMNS = 300;

const WIDTH = /~(\d{0,4})$/;
const MIN_WIDTH = 60;

/** Writes columns: names, and after `~` their widths. */
export function formatColumns(columns: readonly ChosenColumn[]): string[] {
  return columns.map(({ id, width }) =>
    width !== undefined || WIDTH.test(id) ? `${id}~${width ?? ""}` : id
  );
}

/** Reads columns. A column that stands there twice is taken once. */
export function parseColumns(texts: readonly string[]): ChosenColumn[] {
  const found = new Map<string, ChosenColumn>();
  for (const text of texts) {
    const [end, digits = ""] = WIDTH.exec(text) ?? [""];
    const id = text.slice(0, text.length - end.length);
    const width = Number(digits);
    if (id === "" || found.has(id)) continue;
    found.set(id, width >= MIN_WIDTH ? { id, width } : { id });
  }
  return [...found.values()].slice(0, MAX_COLUMNS);
}

/** Whether a name is a field's. */
export function isField(id: string): id is Field {
  return (FIELDS as readonly string[]).includes(id);
}

/** Whether the server can sort by it; it has no column of paths. */
export function isSortable(id: string): boolean {
  return id !== "path";
}

/** What a column of the server's is called: `lr`, `train/loss`, and of another statistic than the last `train/loss max`. */
export function columnTitle(id: string): string {
  const metric = metricOf(id);
  if (metric === undefined) return id.replace(/^(hparams|platform|git)\./, "");
  const { name, stat } = metric;
  return stat === "last" ? name : `${name} ${stat}`;
}

/** The metric, as `<type>/<name>`, and the statistic that a column is of. */
export function metricOf(
  id: string,
): { readonly name: string; readonly stat: Stat } | undefined {
  if (!id.startsWith("metrics.")) return undefined;
  const dot = id.lastIndexOf(".");
  const stat = STATS.find((each) => each === id.slice(dot + 1));
  return stat === undefined
    ? { name: id.slice("metrics.".length), stat: "last" }
    : { name: id.slice("metrics.".length, dot), stat };
}

/** The column of a metric's statistic. */
export function metricColumn(name: string, stat: Stat): string {
  return `metrics.${name}.${stat}`;
}

/** Kinds of values that are numbers, or nothing. */
const NUMBERS = new Set(["number", "null"]);
const MAX_HPARAMS = 5;
const FEW_HPARAMS = 3;
const MAX_METRICS = 4;
/** What is looked at first of a run. */
const TELLING = /(^|[/_.])(val|valid|validation|test|eval)([/_.]|$)/i;
const WELL_KNOWN = /(^|[/_.])(loss|acc|accuracy|f1|auc|reward|return|score)$/i;

/**
 * The columns of a folder where nobody has chosen: the hyperparameters that vary and the last values of a few metrics.
 *
 * @param known What its runs have.
 * @param isRecursive Whether what lies in sub-folders is shown too.
 */
export function defaultColumns(
  known: Columns | undefined,
  isRecursive: boolean,
): ChosenColumn[] {
  const where = isRecursive ? ["path"] : [];
  const ids = known === undefined || known.runs === 0
    ? ["type", ...where, "labels", "modified", "editor"]
    : [
      "status",
      ...where,
      ...varying(known),
      ...tellingMetrics(known),
      "started",
      "duration",
      "labels",
      "modified",
      "editor",
    ];
  return ids.map((id) => ({ id }));
}

function varying({ hparams, runs }: Columns): string[] {
  const differ = hparams.filter(({ distinct }) => distinct > 1);
  // What some runs lack tells them apart, too, but less.
  const chosen = differ.length < FEW_HPARAMS
    ? hparams.filter(({ distinct, runs: has }) => distinct > 1 || has < runs)
    : differ;
  return (chosen.length > 0 || runs > 1 ? chosen : hparams)
    .slice(0, MAX_HPARAMS).map(({ id }) => id);
}

function tellingMetrics({ metrics }: Columns): string[] {
  const ranks = metrics.map(({ type, name, runs }, place) => ({
    column: metricColumn(`${type}/${name}`, "last"),
    rank: Number(TELLING.test(`${type}/${name}`)) +
      Number(WELL_KNOWN.test(name)),
    runs,
    place,
  }));
  return ranks
    .sort((a, b) => b.rank - a.rank || b.runs - a.runs || a.place - b.place)
    .slice(0, MAX_METRICS)
    .sort((a, b) => a.place - b.place)
    .map(({ column }) => column);
}

/** Puts a column at the place of another. */
export function moveColumn(
  columns: readonly ChosenColumn[],
  id: string,
  to: string,
): ChosenColumn[] {
  const from = columns.findIndex((each) => each.id === id);
  const target = columns.findIndex((each) => each.id === to);
  const moved = columns[from];
  if (moved === undefined || target < 0) return [...columns];
  return columns.toSpliced(from, 1).toSpliced(target, 0, moved);
}

/** The columns whose values are not only numbers. */
export function textColumns(known: Columns | undefined): ReadonlySet<string> {
  const facts = known === undefined
    ? []
    : [...known.hparams, ...known.platform, ...known.git];
  return new Set(
    facts.filter(({ types }) => !types.every((type) => NUMBERS.has(type)))
      .map(({ id }) => id),
  );
}
