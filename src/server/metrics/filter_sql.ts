/**
 * Conditions as SQL.
 *
 * @module
 */

import type { ColumnRef, ColumnRefs } from "./column_refs.ts";
import { FilterError } from "./filter_error.ts";
import type { Comparison, Constant, Filter, Operand } from "./filter_parser.ts";

/** A condition as SQL: what comes from the client is in the values only. */
export interface SqlCondition {
  /** The expression; its values are `?`. */
  readonly sql: string;
  /** The values, in order. */
  readonly values: readonly (string | number)[];
  /** Names that no node has: what is compared with them is never true. */
  readonly unknown: readonly string[];
}

/**
 * Makes SQL of a condition. What a node does not have fulfils no condition but `is null`.
 *
 * @param filter The condition.
 * @param columns Finds columns.
 * @returns The SQL for the node `n` and the run `r`.
 * @throws {FilterError} If it compares what cannot be compared.
 */
export function filterToSql(filter: Filter, columns: ColumnRefs): SqlCondition {
  const writer = new Writer(columns);
  const sql = writer.write(filter);
  return { sql, values: writer.values, unknown: [...writer.unknown] };
}

const MISSING: ColumnRef = {
  id: "",
  holds: "value",
  num: "NULL",
  text: "NULL",
  cell: "NULL",
};

class Writer {
  readonly values: (string | number)[] = [];
  readonly unknown = new Set<string>();
  readonly #columns: ColumnRefs;

  constructor(columns: ColumnRefs) {
    this.#columns = columns;
  }

  write(filter: Filter): string {
    switch (filter.op) {
      case "and":
      case "or":
        return `(${
          filter.items.map((item) => this.write(item))
            .join(filter.op === "and" ? " AND " : " OR ")
        })`;
      case "not":
        return `(NOT ${this.write(filter.item)})`;
      case "known": {
        const { num, text } = this.#column(filter.left);
        return `(${num} IS NOT NULL OR ${text} IS NOT NULL)`;
      }
      case "in":
        return `(${
          filter.values.map((right) => this.#compare("=", filter.left, right))
            .join(" OR ")
        })`;
      default:
        return this.#compare(filter.op, filter.left, filter.right);
    }
  }

  #column(operand: Operand): ColumnRef {
    if (!("name" in operand)) {
      throw new FilterError("Expected a name instead of a value", operand.at);
    }
    const column = this.#columns.find(operand.name);
    if (column === undefined) this.unknown.add(operand.name);
    return column ?? MISSING;
  }

  #compare(op: Comparison, left: Operand, right: Operand): string {
    const column = this.#column(left);
    // A word that is no column is a text: `status = Running`.
    const other = "name" in right ? this.#columns.find(right.name) : undefined;
    if (other !== undefined) return this.#compareColumns(op, column, other);
    const value = "name" in right ? right.name : right.value;
    if (value === null) return this.#compareNull(op, column, right);
    if (column.holds === "labels") {
      return this.#compareLabels(op, String(value), right);
    }
    if (op === "~") {
      return `em_has(${column.text}, ${this.#value(String(value))})`;
    }
    const known = column.holds === "time" && typeof value === "string"
      ? toTime(value, right)
      : value;
    if (typeof known === "string") {
      return `${column.text} ${op} ${this.#value(known)}`;
    }
    return `${column.num} ${op} ${this.#value(Number(known))}`;
  }

  #compareColumns(op: Comparison, left: ColumnRef, right: ColumnRef): string {
    if (op === "~") return `em_has(${left.text}, ${right.text})`;
    return `(CASE WHEN ${left.num} IS NOT NULL THEN ${left.num} ${op} ${right.num} ` +
      `ELSE ${left.text} ${op} ${right.text} END)`;
  }

  #compareNull(op: Comparison, column: ColumnRef, right: Operand): string {
    const known = `(${column.num} IS NOT NULL OR ${column.text} IS NOT NULL)`;
    if (op === "!=") return known;
    if (op === "=") return `(NOT ${known})`;
    throw new FilterError(`null cannot be compared with ${op}`, right.at);
  }

  #compareLabels(op: Comparison, value: string, right: Operand): string {
    const any = (condition: string) =>
      `EXISTS (SELECT 1 FROM json_each(n.labels) AS label WHERE ${condition})`;
    if (op === "~") return any(`em_has(label.value, ${this.#value(value)})`);
    const same = `label.value = ${this.#value(value)}`;
    if (op === "=") return any(same);
    if (op === "!=") return `NOT ${any(same)}`;
    throw new FilterError(`Labels cannot be compared with ${op}`, right.at);
  }

  #value(value: Exclude<Constant, null | boolean>): string {
    this.values.push(value);
    return "?";
  }
}

function toTime(text: string, { at }: Operand): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) {
    throw new FilterError(`"${text}" is no date such as "2026-11-23"`, at);
  }
  return time;
}
