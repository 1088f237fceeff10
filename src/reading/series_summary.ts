/**
 * Reads what there is to know of the metrics of a run.
 *
 * @module
 */

import type { MetricItem } from "../format/metric_item.ts";
import { METADATA_FILE } from "../local/layout.ts";
import {
  createMicrosReader,
  MICROS_PER_MS,
  readMicros,
} from "../server/metrics/micros.ts";
import { readAttempts, rewindOf } from "./attempts.ts";
import { Curve } from "./curve.ts";
import { MetricStream } from "./metric_stream.ts";
import type { NodeSource } from "./node_source.ts";
import { readQuickMetadata } from "./quick_metadata.ts";
import {
  type CurveOptions,
  MAX_MARKS,
  type SeriesPoint,
  type SeriesSummary,
  type XAxis,
} from "./series.ts";

/** The metrics of a run, and what is wrong with their files. */
export interface RunSeries {
  /** The metrics, in the order in which they appeared. */
  readonly series: readonly SeriesSummary[];
  /** A sentence for each file that is not as it should be. */
  readonly problems: readonly string[];
}

/** How {@linkcode readSeries} reads. Default: 64 buckets, over the steps. */
export type ReadSeriesOptions = Partial<CurveOptions>;

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
  { buckets = DEFAULT_BUCKETS, x = "step" }: ReadSeriesOptions = {},
): Promise<RunSeries> {
  const known = await source.knownSeries({ buckets, x });
  if (known !== undefined) return { series: known, problems: [] };
  const series: SeriesSummary[] = [];
  const place = placeOf(x, x === "relative" ? await startOf(source) : 0);
  const problems: string[] = [];
  const { attempts } = await readAttempts(source);
  for (const { type, key } of await source.metricFiles()) {
    const builders = new SeriesBuilders(type, {
      buckets,
      place,
      isByStep: x === "step",
    });
    const stream = new MetricStream(
      (item) => builders.add(item),
      await rewindOf(source, attempts, key),
    );
    for await (const piece of await source.open(key, 0)) stream.add(piece);
    stream.finish();
    series.push(...builders.summaries());
    if (stream.problem !== undefined) {
      problems.push(`${key}: ${stream.problem}`);
    }
  }
  return { series, problems };
}

/** Where a record is on the axis; NaN where it is not on it. */
export type Place = (item: MetricItem) => number;

/** The place of a record over the steps. */
export const overSteps: Place = ({ step }) => toNumber(step);

function placeOf(x: XAxis, startMicros: number): Place {
  if (x === "step") return overSteps;
  if (x === "epoch") {
    return ({ epoch }) => epoch === null ? NaN : toNumber(epoch);
  }
  const readMicros = createMicrosReader();
  return ({ timestamp }) =>
    (readMicros(timestamp) - startMicros) / MICROS_PER_MS;
}

/** When a run began, in microseconds since 1970; NaN if nobody knows. */
async function startOf(source: NodeSource): Promise<number> {
  const text = await source.read(METADATA_FILE);
  return text === undefined
    ? NaN
    : readMicros(readQuickMetadata(text, METADATA_FILE).started);
}

/** How {@linkcode SeriesBuilders} builds. */
export interface BuilderOptions {
  /** Into how many pieces curves are put at most. */
  readonly buckets: number;
  /** Where a record is on the axis. */
  readonly place: Place;
  /** Whether the axis is that of the steps. */
  readonly isByStep: boolean;
}

/** Makes of the records of one metric type, one after the other, what there is to know of its metrics. */
export class SeriesBuilders {
  readonly #type: string;
  readonly #options: BuilderOptions;
  readonly #byName = new Map<string, SeriesBuilder>();
  #names: readonly string[] = [];
  #row: readonly SeriesBuilder[] = [];

  /**
   * @param type The metric type.
   * @param options How to build.
   */
  constructor(type: string, options: BuilderOptions) {
    this.#type = type;
    this.#options = options;
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
    const x = this.#options.place(item);
    for (let at = 0; at < this.#row.length; at++) {
      this.#row[at]?.add(x, step, epoch, toNumber(values[at]));
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
    const made = new SeriesBuilder(this.#options);
    this.#byName.set(name, made);
    return made;
  }
}

type Triple = [step: number, epoch: number, value: number];

class SeriesBuilder {
  readonly #curve: Curve;
  readonly #isByStep: boolean;
  readonly #marks: number[] = [];
  #count = 0;
  readonly #last: Triple = [NaN, NaN, NaN];
  readonly #min: Triple = [NaN, NaN, NaN];
  readonly #max: Triple = [NaN, NaN, NaN];
  #nan = 0;
  #posInf = 0;
  #negInf = 0;

  constructor({ buckets, isByStep }: BuilderOptions) {
    this.#isByStep = isByStep;
    this.#curve = new Curve(buckets);
  }

  add(place: number, step: number, epoch: number, value: number): void {
    const x = Number.isNaN(place) && this.#isByStep ? this.#count : place;
    set(this.#last, step, epoch, value);
    if (Number.isFinite(value)) {
      // Written so that NaN is below and above everything.
      if (!(this.#min[2] <= value)) set(this.#min, step, epoch, value);
      if (!(this.#max[2] >= value)) set(this.#max, step, epoch, value);
      this.#curve.add(x, value);
    } else if (Number.isFinite(x) && this.#marks.length < MAX_MARKS) {
      this.#marks.push(x);
    }
    if (Number.isNaN(value)) this.#nan++;
    else if (value === Infinity) this.#posInf++;
    else if (value === -Infinity) this.#negInf++;
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
      marks: this.#marks,
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
