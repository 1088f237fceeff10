/**
 * What there is to know of runs beside one another.
 *
 * @module
 */

import { valueText } from "../reading/flat_values.ts";
import type { SeriesPoint } from "../reading/series.ts";
import { metricName } from "./metric_parts.ts";
import type { RunView } from "./run_view.ts";

/** A run that is compared. */
export interface ComparedRun {
  /** The name. */
  readonly name: string;
  /** The unique name. */
  readonly alternativeName: string;
  /** The directory, or the path on the server. */
  readonly path: string;
  /** The address of the server; null for a directory. */
  readonly host: string | null;
  /** The status, `Error` for a run whose process was killed; null where it cannot be read. */
  readonly status: string | null;
  /** When it began, RFC 3339; empty where that is not known. */
  readonly startTimestamp: string;
  /** How long it took, or has taken so far, in milliseconds; null where that is not known. */
  readonly durationMs: number | null;
  /** What cannot be read, a sentence each. */
  readonly problems: readonly string[];
}

/** A hyperparameter of the runs that are compared. */
export interface ComparedHparam {
  /** Its name; of a nested one the keys on the way with dots between. */
  readonly name: string;
  /** Its value in each run; undefined where a run does not have it. */
  readonly values: readonly unknown[];
  /** Whether all runs have the same. */
  readonly isEqual: boolean;
}

/** A metric of one run. */
export interface ComparedMetricValue {
  /** How many values there are. */
  readonly count: number;
  /** The last value. */
  readonly last: ComparedPoint;
  /** The least finite value; null where no value is finite. */
  readonly min: ComparedPoint | null;
  /** The greatest finite value; null where no value is finite. */
  readonly max: ComparedPoint | null;
}

/** A value of a metric, and where it is. */
export interface ComparedPoint {
  /** The step; null where it has none. */
  readonly step: number | null;
  /** The epoch; null where it has none. */
  readonly epoch: number | null;
  /** The value. */
  readonly value: number;
}

/** A metric of the runs that are compared. */
export interface ComparedMetric {
  /** Its type and name, such as `train/loss`. */
  readonly name: string;
  /** What there is of it in each run; undefined where a run does not have it. */
  readonly values: readonly (ComparedMetricValue | undefined)[];
}

/** What a {@linkcode RunComparison} holds, as plain data. */
export interface RunComparisonData {
  /** The runs, in the order in which they were named; so are the values of hyperparameters and metrics. */
  readonly runs: readonly ComparedRun[];
  /** The hyperparameters, in the order in which they appear. */
  readonly hparams: readonly ComparedHparam[];
  /** The metrics, in the order in which they appear. */
  readonly metrics: readonly ComparedMetric[];
}

/**
 * Puts runs beside one another.
 *
 * @param views What is shown of each run.
 * @returns The comparison.
 */
export function comparisonData(views: readonly RunView[]): RunComparisonData {
  return {
    runs: views.map(runOf),
    hparams: hparamsOf(views),
    metrics: metricsOf(views),
  };
}

/**
 * What runs are called beside one another: by their names, or by their unique names where several have the same.
 *
 * @param runs The runs.
 * @returns A label for each.
 */
export function runLabels(
  runs: readonly Pick<ComparedRun, "name" | "alternativeName">[],
): string[] {
  const counts = new Map<string, number>();
  for (const { name } of runs) counts.set(name, (counts.get(name) ?? 0) + 1);
  return runs.map(({ name, alternativeName }) =>
    counts.get(name) === 1 ? name : alternativeName
  );
}

function runOf(view: RunView): ComparedRun {
  const { name, alternativeName, path, host, status } = view;
  const { startTimestamp, durationMs, problems } = view;
  return {
    ...{ name, alternativeName, path, host, status },
    ...{ startTimestamp, durationMs, problems },
  };
}

function hparamsOf(views: readonly RunView[]): ComparedHparam[] {
  const names = new Set(views.flatMap(({ hparams }) => [...hparams.keys()]));
  return [...names].map((name) => {
    const values = views.map(({ hparams }) => hparams.get(name));
    const texts = values.map((value) => `${typeof value} ${valueText(value)}`);
    return { name, values, isEqual: new Set(texts).size === 1 };
  });
}

function metricsOf(views: readonly RunView[]): ComparedMetric[] {
  const columns = views.map(({ series }) =>
    new Map(series.map((one) => [metricName(one), one]))
  );
  const names = new Set(columns.flatMap((column) => [...column.keys()]));
  return [...names].map((name) => ({
    name,
    values: columns.map((column) => {
      const found = column.get(name);
      if (found === undefined) return undefined;
      const { count, last, min, max } = found;
      return {
        count,
        last: copyOf(last),
        min: min && copyOf(min),
        max: max && copyOf(max),
      };
    }),
  }));
}

function copyOf({ step, epoch, value }: SeriesPoint): ComparedPoint {
  return { step, epoch, value };
}
