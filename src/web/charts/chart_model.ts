/**
 * From points and choices to what a chart draws.
 *
 * @module
 */

import type { MetricsFile, Series, XAxis } from "../api/types.ts";
import type { BoardParams } from "./board_params.ts";
import { type ChartInfo, fileKey, seriesKey } from "./catalogue.ts";
import type { Curve } from "./curve.ts";
import {
  type ChartLine,
  DASHES,
  MAX_BANDS,
  MAX_WIDE,
  type Smoother,
} from "./line.ts";
import type { ChartedRun } from "./charted_run.ts";
import { placesOf, readType } from "./metric_type.ts";
import { runColor } from "./palette.ts";
import type { ChartMark, PlotModel } from "./plot_model.ts";
import {
  commonExtent,
  type Extent,
  paddedScale,
  xExtent,
  yExtent,
} from "./scale.ts";
import { unitOf } from "./unit.ts";

/** What a chart is made of. */
export interface ChartSource {
  readonly info: ChartInfo;
  /** The runs that are drawn. */
  readonly runs: readonly ChartedRun[];
  /** Whether the board has one run only, so that colours tell types apart. */
  readonly isSingle: boolean;
  /** The metric types of all charts, in order. */
  readonly types: readonly string[];
  readonly curves: ReadonlyMap<string, Curve>;
  /** While a part is looked at: the curves of the whole axis. */
  readonly whole: ReadonlyMap<string, Curve>;
  readonly series: ReadonlyMap<string, Series>;
  /** From which steps on attempts have gone on, by the keys of metrics files. */
  readonly resumed: ReadonlyMap<string, MetricsFile["resumedAt"]>;
  readonly params: Pick<
    BoardParams,
    "x" | "isLogX" | "isLogY" | "isClipped" | "smoothing"
  >;
  readonly zoom: Extent | undefined;
  readonly smoother: Smoother;
}

/** What a chart draws, and what there is to say about it. */
export interface ChartModel extends PlotModel {
  /** The least and the greatest value where some lie beyond the axis; undefined where it shows all. */
  readonly beyond: Extent | undefined;
  /** Whether nothing is drawn. */
  readonly isEmpty: boolean;
}

/** Makes what a chart draws. */
export function buildModel(source: ChartSource): ChartModel {
  const { params, zoom } = source;
  const lines = buildLines(source);
  const curves = lines.map(({ curve }) => curve);
  const drawn = xExtent(curves, params.isLogX);
  const known = wholeExtent(source) ??
    xExtent([...source.whole.values()], params.isLogX) ?? drawn;
  const whole = known && positive(known, params.isLogX);
  const seen = zoom ?? drawn;
  const x = zoom === undefined
    ? paddedScale(seen?.min ?? NaN, seen?.max ?? NaN, {
      isLog: params.isLogX,
      pad: 0.01,
    })
    : { ...positive(zoom, params.isLogX), isLog: params.isLogX };
  const all = yExtent(curves, x, params.isLogY);
  const part = all && params.isClipped && !params.isLogY
    ? commonExtent(curves, x, all)
    : all;
  const y = paddedScale(part?.min ?? NaN, part?.max ?? NaN, {
    isLog: params.isLogY,
  });
  const isEmpty = curves.every((curve) => curve.length === 0);
  const beyond = part !== all && all !== undefined ? all : undefined;
  const isZoomed = zoom !== undefined;
  return {
    axis: params.x,
    lines,
    unit: unitOf(source.info.name),
    marks: params.x === "step" ? findMarks(source) : [],
    x,
    y,
    whole,
    isZoomed,
    beyond,
    isEmpty,
  };
}

/**
 * How lines are told apart: of several runs colours tell the runs and dashes the types. Of a single run colours tell the types,
 * and where it has ranks, colours tell those and dashes the types.
 */
export function lineLook(
  source: Pick<ChartSource, "info" | "isSingle" | "types">,
  run: ChartedRun,
  type: string,
): Pick<ChartLine, "color" | "dash"> {
  const { info, isSingle, types } = source;
  const { base, rank } = placesOf(types).of(type);
  const isRanked = placesOf(types).hasRanks;
  const at = !isSingle ? 0 : isRanked ? rank : base;
  const dash = isSingle && !isRanked ? 0 : placesOf(info.types).of(type).base;
  return {
    color: at === 0 ? run.color : otherColor(run.color, at),
    dash: DASHES[dash % DASHES.length] ?? [],
  };
}

/** More attempts than this are not worth a line each; the last ones are. */
const MAX_MARKS = 40;

/** Where attempts at the runs have gone on. */
function findMarks(
  { info, runs, isSingle, resumed }: ChartSource,
): ChartMark[] {
  return runs.flatMap(({ id, color }) => {
    const steps: number[] = [];
    for (const type of info.types) {
      // What is recorded seldom begins later.
      resumed.get(fileKey(id, type))?.forEach((step, at) =>
        steps[at] = Math.min(step ?? Infinity, steps[at] ?? Infinity)
      );
    }
    return [...new Set(steps)].filter(Number.isFinite)
      .map((x) => ({ x, color: isSingle ? undefined : color }));
  }).slice(-MAX_MARKS);
}

function buildLines(source: ChartSource): ChartLine[] {
  const { info, runs, curves, series, params, smoother, isSingle } = source;
  const lines = runs.flatMap((run) =>
    info.types.flatMap((type) => {
      const key = seriesKey(run.id, type, info.name);
      const curve = curves.get(key);
      if (curve === undefined || curve.length === 0) return [];
      const known = series.get(key);
      const extent = known && seriesExtent(known, params.x);
      return [{
        key,
        node: run.id,
        run: run.name,
        type,
        ...lineLook(source, run, type),
        curve,
        smoothed: smoother.smoothed(curve, {
          weight: params.smoothing,
          range: extent ? extent.max - extent.min : 0,
          whole: source.whole.get(key),
        }),
      }];
    })
  );
  const hasBand = lines.length <= MAX_BANDS;
  const isThin = lines.length > MAX_WIDE;
  return lines.map((line) => ({
    ...line,
    hasBand,
    // Of several runs the ranks have the colour of their run.
    isThin: isThin || !isSingle && readType(line.type).rank !== undefined,
  }));
}

/** Further colours, without the one that the run has. */
function otherColor(color: string, at: number): string {
  const others = Array.from({ length: at + 2 }, (_, i) => runColor(i))
    .filter((other) => other !== color);
  return others[at - 1] ?? color;
}

function wholeExtent(
  { info, runs, series, params }: ChartSource,
): Extent | undefined {
  // Only the server knows when a run began.
  if (params.x === "relative") return undefined;
  let min = Infinity;
  let max = -Infinity;
  for (const { id } of runs) {
    for (const type of info.types) {
      const known = series.get(seriesKey(id, type, info.name));
      const extent = known && seriesExtent(known, params.x);
      if (extent === undefined) continue;
      min = Math.min(min, extent.min);
      max = Math.max(max, extent.max);
    }
  }
  return min < max ? { min, max } : undefined;
}

/** From where to where a series goes, as far as its ends tell. */
function seriesExtent(
  { first, last }: Series,
  axis: XAxis,
): Extent | undefined {
  const key = axis === "relative" ? "time" : axis;
  const a = first[key];
  const b = last[key];
  if (typeof a !== "number" || typeof b !== "number") return undefined;
  return { min: Math.min(a, b), max: Math.max(a, b) };
}

function positive({ min, max }: Extent, isLog: boolean): Extent {
  if (!isLog || min > 0) return { min, max };
  const top = max > 0 ? max : 1;
  return { min: top / 1e6, max: top };
}
