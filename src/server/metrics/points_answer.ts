/**
 * Points of several series at once.
 *
 * @module
 */

import { BlockReader } from "./blocks.ts";
import type { IndexDatabase } from "./index_database.ts";
import { MICROS_PER_MS } from "./micros.ts";
import { type PointsAnswer, queryPoints, type XAxis } from "./points_query.ts";
import { SeriesList, type SeriesRow } from "./series_list.ts";
import { decodeSeriesState } from "./series_state.ts";
import { SeriesTree } from "./series_tree.ts";
import { POINT } from "./summary.ts";

/** A series that is asked for. */
export interface WantedSeries {
  /** The node's id. */
  readonly node: string;
  /** The metric type. */
  readonly type: string;
  /** The name. */
  readonly name: string;
  /** The state after which points are wanted; undefined for all. */
  readonly after?: string | undefined;
}

/** How points are asked for. */
export interface PointsOptions {
  /** What they are laid out by. */
  readonly x: XAxis;
  /** The least x; undefined for all. */
  readonly from: number | undefined;
  /** The greatest x. */
  readonly to: number | undefined;
  /** How many buckets there may be. */
  readonly buckets: number;
}

/** Points of one series. */
export interface SeriesPoints extends PointsAnswer {
  /** The node's id. */
  readonly node: string;
  /** The metric type. */
  readonly type: string;
  /** The name. */
  readonly name: string;
  /** How many points the series has; 0 where there is none. */
  readonly count: number;
  /** Names this state of the series: with it only later points are asked for. */
  readonly cursor: string;
  /** Whether what was answered before is to be forgotten: these are all points, not only later ones. */
  readonly reset: boolean;
}

/**
 * Reads points of a series.
 *
 * @param database The index.
 * @param wanted The series.
 * @param options How they are wanted.
 * @returns The points.
 */
export function readPoints(
  database: IndexDatabase,
  wanted: WantedSeries,
  options: PointsOptions,
): SeriesPoints {
  const { node, type, name } = wanted;
  return database.snapshot(() => {
    const series = new SeriesList(database).find(node, { type, name });
    if (series === undefined) {
      return {
        node,
        type,
        name,
        count: 0,
        cursor: "",
        reset: true,
        inRange: 0,
        raw: { index: [], x: [], y: [] },
      };
    }
    const { id, count, generation } = series;
    const known = knownCount(wanted.after, series);
    const answer = queryPoints(
      new SeriesTree(new BlockReader(database), { id, count }),
      {
        x: options.x,
        from: options.from ?? -Infinity,
        to: options.to ?? Infinity,
        buckets: options.buckets,
        after: known ?? 0,
        start: startOf(series),
      },
    );
    return {
      node,
      type,
      name,
      count,
      cursor: `${generation}.${count}`,
      reset: known === undefined,
      ...answer,
    };
  });
}

/** How many points the client knows; undefined if it knows another reading of the file, or nothing. */
function knownCount(
  cursor: string | undefined,
  { generation, count }: SeriesRow,
): number | undefined {
  const [, before, text] = /^(\d+)\.(\d+)$/.exec(cursor ?? "") ?? [];
  const known = Number(text);
  return Number(before) === generation && known <= count ? known : undefined;
}

/** When the run began, in microseconds. */
function startOf({ started, summary }: SeriesRow): number {
  if (started !== null) return started * MICROS_PER_MS;
  return decodeSeriesState(summary).first[POINT.time];
}
