/**
 * The columns that can be chosen, in groups.
 *
 * @module
 */

import type { Columns, FactColumn } from "../../api/types.ts";
import { formatNumber } from "../../format/number.ts";
import { FIELDS, metricColumn } from "./column_list.ts";

/** A column that can be chosen. */
export interface ColumnOption {
  readonly id: string;
  /** What is known of its values. */
  readonly hint: string;
  /** Of a metric, its type and name: there is a column for each statistic. */
  readonly metric?: string;
}

/** Columns of one kind. */
export interface ColumnGroup {
  readonly kind: "facts" | "hparams" | "metrics" | "environment" | "git";
  readonly options: readonly ColumnOption[];
}

/**
 * The columns that can be chosen.
 *
 * @param catalogue What the runs have.
 * @param search Only those with all of these words in their names.
 * @returns The groups that have columns.
 */
export function groupsOf(
  catalogue: Columns | undefined,
  search: string,
): ColumnGroup[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (name: string): boolean =>
    words.every((word) => name.toLowerCase().includes(word));
  const ofFacts = (columns: readonly FactColumn[] = []): ColumnOption[] =>
    columns.map((column) => ({ id: column.id, hint: hintOf(column) }));
  const metrics = (catalogue?.metrics ?? []).map(({ type, name }) => {
    const metric = `${type}/${name}`;
    return { id: metricColumn(metric, "last"), hint: "", metric };
  });
  const groups: ColumnGroup[] = [
    { kind: "hparams", options: ofFacts(catalogue?.hparams) },
    { kind: "metrics", options: metrics },
    { kind: "facts", options: FIELDS.map((id) => ({ id, hint: "" })) },
    { kind: "environment", options: ofFacts(catalogue?.platform) },
    { kind: "git", options: ofFacts(catalogue?.git) },
  ];
  return groups
    .map(({ kind, options }) => ({
      kind,
      options: options.filter(({ id, metric }) => fits(metric ?? id)),
    }))
    .filter(({ options }) => options.length > 0);
}

function hintOf({ min, max, distinct }: FactColumn): string {
  if (min === null || max === null) return distinct > 1 ? `×${distinct}` : "";
  return min === max
    ? formatNumber(min)
    : `${formatNumber(min)} – ${formatNumber(max)}`;
}
