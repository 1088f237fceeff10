/**
 * Reads what there is to know of the metrics of a run.
 *
 * @module
 */

import { MetricStream } from "./metric_stream.ts";
import type { NodeSource } from "./node_source.ts";
import type { SeriesSummary } from "./series.ts";
import { SeriesBuilders } from "./series_builders.ts";

/** The metrics of a run, and what is wrong with their files. */
export interface RunSeries {
  /** The metrics, in the order in which they appeared. */
  readonly series: readonly SeriesSummary[];
  /** A sentence for each file that is not as it should be. */
  readonly problems: readonly string[];
}

/** How {@linkcode readSeries} reads. */
export interface ReadSeriesOptions {
  /** Into how many pieces curves are put at most. Default: 64. */
  readonly buckets?: number;
}

const DEFAULT_BUCKETS = 64;

/**
 * Reads the metrics of a run, with little memory however long it is. A server that knows them is asked instead.
 *
 * @param source The run.
 * @param options How fine curves are.
 * @returns The metrics.
 */
export async function readSeries(
  source: NodeSource,
  { buckets = DEFAULT_BUCKETS }: ReadSeriesOptions = {},
): Promise<RunSeries> {
  const known = await source.knownSeries(buckets);
  if (known !== undefined) return { series: known, problems: [] };
  const series: SeriesSummary[] = [];
  const problems: string[] = [];
  for (const { type, key } of await source.metricFiles()) {
    const builders = new SeriesBuilders(type, buckets);
    const stream = new MetricStream((item) => builders.add(item));
    for await (const piece of await source.open(key, 0)) stream.add(piece);
    stream.finish();
    series.push(...builders.summaries());
    if (stream.problem !== undefined) {
      problems.push(`${key}: ${stream.problem}`);
    }
  }
  return { series, problems };
}
