/**
 * What runs can be laid out by: hyperparameters that differ, and metrics.
 *
 * @module
 */

import type { Columns, MetricColumn } from "../../api/types.ts";
import { NODES_AT_ONCE } from "./catalogue.ts";
import type { Cell } from "./cells.ts";
import { type MetricStat, statColumn, STATS } from "./metric_rows.ts";

/** Something that runs can be laid out by. */
export interface Variable {
  /** Its name as a column. */
  readonly id: string;
  readonly label: string;
  readonly kind: "hparam" | "metric" | "other";
}

/** Which hyperparameters may differ, as far as that is known without their values. */
export function candidateHparams(columns: Columns): readonly Variable[] {
  const { hparams, runs } = columns;
  return hparams.filter((fact) =>
    fact.distinct > 1 || fact.runs < runs || runs > NODES_AT_ONCE
  ).map(({ id, path }) => ({ id, label: path, kind: "hparam" }));
}

/** Metrics by their last, least and greatest value. */
export function metricVariables(
  columns: Columns,
  nameStat: (stat: MetricStat) => string,
): readonly Variable[] {
  return columns.metrics.flatMap(({ id, type, name }) =>
    STATS.map((stat): Variable => ({
      id: statColumn(id, stat),
      label: `${type}/${name}${stat === "last" ? "" : ` ${nameStat(stat)}`}`,
      kind: "metric",
    }))
  );
}

/** Those of which not all runs have the same. */
export function varying(
  variables: readonly Variable[],
  runs: readonly { readonly id: string }[],
  read: (column: string, run: string) => Cell,
): readonly Variable[] {
  return variables.filter(({ id }) => {
    const first = runs[0] && read(id, runs[0].id);
    return runs.some((run) => read(id, run.id) !== first);
  });
}

const JUDGES = /^(val|valid|validation|dev|eval|test)/i;
const GOALS = /acc|f1|auc|map|bleu|score|reward|loss|error|ppl|perplexity/i;

/** The metric by which a person most likely judges: of a validation or test, and one of the usual names. */
export function guessMetric(
  metrics: readonly MetricColumn[],
): MetricColumn | undefined {
  const score = ({ type, name, runs }: MetricColumn): number =>
    (JUDGES.test(type) ? 4 : 0) + (GOALS.test(name) ? 2 : 0) + runs * 1e-6;
  return metrics.toSorted((a, b) => score(b) - score(a))[0];
}

/** The metric, such as `train/loss`, that a column is of; undefined of others. */
export function metricPath(column: string): string | undefined {
  return /^metrics\.(.*)\.\w+$/s.exec(column)?.[1];
}
