/**
 * Reads what there is to know of the metrics of a run.
 *
 * @module
 */

import type { MetricItem } from "../format/metric_item.ts";
import { Curve } from "./curve.ts";
import { MetricStream } from "./metric_stream.ts";
import type { NodeSource } from "./node_source.ts";
import type { SeriesPoint, SeriesSummary } from "./series.ts";

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

/** Makes of the records of one metric type, one after the other, what there is to know of its metrics. */
export class SeriesBuilders {
  readonly #type: string;
  readonly #buckets: number;
  readonly #byName = new Map<string, SeriesBuilder>();
  #names: readonly string[] = [];
  #row: readonly SeriesBuilder[] = [];

  /**
   * @param type The metric type.
   * @param buckets Into how many pieces curves are put at most.
   */
  constructor(type: string, buckets: number) {
    this.#type = type;
    this.#buckets = buckets;
  }

  /**
   * Takes the next record.
   *
   * @param item The record; nothing of it is kept.
   */
  add(item: MetricItem): void {
    const { names, values } = item;
    if (names !== this.#names) {
      this.#names = names;
      this.#row = names.map((name) => this.#of(name));
    }
    const step = toNumber(item.step);
    const epoch = item.epoch === null ? NaN : toNumber(item.epoch);
    for (let at = 0; at < this.#row.length; at++) {
      this.#row[at]?.add(step, epoch, toNumber(values[at]));
    }
  }

  /**
   * What there is to know of the metrics so far.
   *
   * @returns The metrics, in the order in which they appeared. Their curves go on with the records to come.
   */
  summaries(): SeriesSummary[] {
    return [...this.#byName].map(([name, builder]) =>
      builder.toSummary(this.#type, name)
    );
  }

  #of(name: string): SeriesBuilder {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    const made = new SeriesBuilder(this.#buckets);
    this.#byName.set(name, made);
    return made;
  }
}

type Triple = [step: number, epoch: number, value: number];

class SeriesBuilder {
  readonly #curve: Curve;
  #count = 0;
  #last: Triple = [NaN, NaN, NaN];
  #min: Triple = [NaN, NaN, NaN];
  #max: Triple = [NaN, NaN, NaN];
  #nan = 0;
  #posInf = 0;
  #negInf = 0;

  constructor(buckets: number) {
    this.#curve = new Curve(buckets);
  }

  add(step: number, epoch: number, value: number): void {
    set(this.#last, step, epoch, value);
    if (Number.isFinite(value)) {
      // Written so that NaN is below and above everything.
      if (!(this.#min[2] <= value)) set(this.#min, step, epoch, value);
      if (!(this.#max[2] >= value)) set(this.#max, step, epoch, value);
      this.#curve.add(Number.isNaN(step) ? this.#count : step, value);
    } else if (Number.isNaN(value)) this.#nan++;
    else if (value > 0) this.#posInf++;
    else this.#negInf++;
    this.#count++;
  }

  toSummary(type: string, name: string): SeriesSummary {
    const hasFinite = !Number.isNaN(this.#min[2]);
    return {
      type,
      name,
      count: this.#count,
      last: toPoint(this.#last),
      min: hasFinite ? toPoint(this.#min) : null,
      max: hasFinite ? toPoint(this.#max) : null,
      nan: this.#nan,
      posInf: this.#posInf,
      negInf: this.#negInf,
      curve: this.#curve.buckets,
    };
  }
}

function set(into: Triple, step: number, epoch: number, value: number): void {
  into[0] = step;
  into[1] = epoch;
  into[2] = value;
}

function toPoint([step, epoch, value]: Triple): SeriesPoint {
  const known = (x: number) => Number.isNaN(x) ? null : x;
  return { step: known(step), epoch: known(epoch), value };
}

/** What people wrote by hand may be anything. */
function toNumber(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "bigint" || typeof value === "boolean"
    ? Number(value)
    : NaN;
}
