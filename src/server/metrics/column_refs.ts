/**
 * The columns of a table of nodes, by name.
 *
 * @module
 */

import type { IndexDatabase } from "./index_database.ts";

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

/** What is known of nodes and runs themselves. */
export const FIELDS = [
  "name",
  "type",
  "status",
  "labels",
  "description",
  "editor",
  "modified",
  "started",
  "ended",
  "duration",
  "arrived",
] as const;

/** What is known of nodes and runs themselves. */
export type Field = typeof FIELDS[number];

/** A column, and how SQL finds its value for the node `n` and the run `r`. */
export interface ColumnRef {
  /** The full name, by which it is always found again. */
  readonly id: string;
  /** What it holds. */
  readonly holds: "value" | "text" | "time" | "number" | "labels";
  /** The number, or NULL. */
  readonly num: string;
  /** The text, or NULL. */
  readonly text: string;
  /**
   * The value as it is read, found by one look into the index: a text after an `s`, `b0` and `b1` for what is a boolean, `n` for what
   * is not a number, and numbers as they are.
   */
  readonly cell: string;
}

/** Where facts come from. */
const FACT_KINDS = ["hparams", "platform", "git"];

const FACT_CELL =
  "iif(type = 'boolean', iif(num = 0, 'b0', 'b1'), ifnull('s' || text, num))";

const ARRIVED = "(SELECT 1000 * max(mtime) FROM objects WHERE node_id = n.id)";
const MODIFIED = "(1000 * unixepoch(n.modified, 'subsec'))";

const FIELD_COLUMNS: Readonly<
  Record<Field, Omit<ColumnRef, "id" | "cell">>
> = {
  name: { holds: "text", num: "NULL", text: "n.name" },
  type: { holds: "text", num: "NULL", text: "n.type" },
  status: { holds: "text", num: "NULL", text: "r.status" },
  labels: { holds: "labels", num: "NULL", text: "n.labels" },
  description: { holds: "text", num: "NULL", text: "n.description" },
  editor: { holds: "text", num: "NULL", text: "n.editor" },
  modified: { holds: "time", num: MODIFIED, text: "NULL" },
  started: { holds: "time", num: "r.started", text: "NULL" },
  ended: { holds: "time", num: "r.ended", text: "NULL" },
  duration: {
    holds: "number",
    num: `((ifnull(r.ended, ${ARRIVED}) - r.started) / 1000)`,
    text: "NULL",
  },
  arrived: { holds: "time", num: ARRIVED, text: "NULL" },
};

const STAT_COLUMNS: Readonly<Record<Stat, string>> = {
  last: "last",
  min: "min",
  max: "max",
  mean: "mean",
  first: "first",
  count: "count",
  nan: "nan",
  posInf: "pos_inf",
  negInf: "neg_inf",
};

/**
 * Finds columns by name. Full names are `hparams.<path>`, `platform.<path>`, `git.<path>` and
 * `metrics.<type>/<name>.<statistic>`; shorter ones are taken for a field, a hyperparameter, or a metric, in this order. Of a
 * metric, `type.name` is as good as `type/name`, and without a statistic the last value is meant.
 */
export class ColumnRefs {
  readonly #find;
  readonly #known = new Map<string, ColumnRef | undefined>();

  /** @param database The index. */
  constructor(database: IndexDatabase) {
    this.#find = database.query<{ id: number }>(
      "SELECT id FROM columns WHERE kind = ? AND path = ?",
    );
  }

  /**
   * Finds a column.
   *
   * @param name Its name.
   * @returns The column; undefined if no node has it.
   */
  find(name: string): ColumnRef | undefined {
    if (!this.#known.has(name)) this.#known.set(name, this.#resolve(name));
    return this.#known.get(name);
  }

  #resolve(name: string): ColumnRef | undefined {
    const dot = name.indexOf(".");
    const kind = name.slice(0, Math.max(0, dot));
    const rest = name.slice(dot + 1);
    const full = FACT_KINDS.includes(kind)
      ? this.#fact(kind, rest)
      : kind === "metrics"
      ? this.#metric(rest)
      : undefined;
    return full ?? toField(name) ?? this.#fact("hparams", name) ??
      this.#metric(name);
  }

  #fact(kind: string, path: string): ColumnRef | undefined {
    const id = this.#find.get(kind, path)?.id;
    if (id === undefined) return undefined;
    const where = `FROM facts WHERE facts.column = ${id} AND facts.run = r.id`;
    return {
      id: `${kind}.${path}`,
      holds: "value",
      num: `(SELECT num ${where})`,
      text: `(SELECT text ${where})`,
      cell: `(SELECT ${FACT_CELL} ${where})`,
    };
  }

  #metric(name: string): ColumnRef | undefined {
    const dot = name.lastIndexOf(".");
    const stat = STATS.find((stat) => stat === name.slice(dot + 1));
    return (stat && dot > 0
      ? this.#series(name.slice(0, dot), stat)
      : undefined) ?? this.#series(name, "last");
  }

  #series(name: string, stat: Stat): ColumnRef | undefined {
    for (const path of metricPaths(name)) {
      const id = this.#find.get("metrics", path)?.id;
      if (id === undefined) continue;
      const where =
        `FROM series WHERE series.column = ${id} AND series.run = r.id`;
      // NULL is what SQLite stores for NaN; of the least and the greatest it means that no value is finite.
      const isNan = stat === "last" || stat === "first";
      const value = STAT_COLUMNS[stat];
      return {
        id: metricColumnId(path, stat),
        holds: "number",
        num: `(SELECT ${value} ${where})`,
        text: "NULL",
        cell: `(SELECT ${isNan ? `ifnull(${value}, 'n')` : value} ${where})`,
      };
    }
    return undefined;
  }
}

/**
 * The full name of a metric's column.
 *
 * @param path `<type>/<name>`.
 * @param stat What its points come to.
 * @returns The name.
 */
export function metricColumnId(path: string, stat: Stat): string {
  return `metrics.${path}.${stat}`;
}

function toField(name: string): ColumnRef | undefined {
  const field = FIELDS.find((field) => field === name);
  if (field === undefined) return undefined;
  const column = FIELD_COLUMNS[field];
  const cell = column.text === "NULL" ? column.num : `'s' || ${column.text}`;
  return { id: field, ...column, cell };
}

/** The ways to read a name as a type and a metric. */
function* metricPaths(name: string): Generator<string> {
  yield name;
  for (let at = name.indexOf("."); at >= 0; at = name.indexOf(".", at + 1)) {
    yield `${name.slice(0, at)}/${name.slice(at + 1)}`;
  }
}
