/**
 * Which questions fetch the points that are missing.
 *
 * @module
 */

import type { PointsQuery } from "../api/em.ts";
import { toQuery, type View } from "./view.ts";

/** A series that a chart misses. */
export interface MissingSeries {
  readonly chart: string;
  readonly node: string;
  /** As `<type>/<name>`. */
  readonly metric: string;
  readonly view: View;
}

/** A question, and for whom. */
export interface PointsPlan {
  readonly query: PointsQuery;
  readonly view: View;
  readonly charts: readonly string[];
}

/** The server answers as many series at once. */
const MAX_SERIES = 2000;
/** So many buckets come soon enough; what is more is asked for in pieces, so that the first charts appear first. */
const MAX_BUCKETS = 40_000;

/**
 * Plans questions. A question names runs and metrics, and every metric of every run is answered: so series are asked for
 * together whose runs are the same.
 *
 * @param missing What is missing, in the order in which it is wanted.
 * @param options How many buckets may be asked for at once; by default so many that they come soon.
 * @returns The questions, in that order.
 */
export function planRequests(
  missing: readonly MissingSeries[],
  options: { readonly maxBuckets?: number } = {},
): PointsPlan[] {
  const { maxBuckets = MAX_BUCKETS } = options;
  const byMetric = Map.groupBy(
    missing,
    ({ metric, view }) => `${JSON.stringify(view)}\0${metric}`,
  );
  interface Row {
    readonly metric: string;
    readonly view: View;
    readonly nodes: string[];
    readonly charts: Set<string>;
  }
  const rows: Row[] = [...byMetric.values()].map((parts) => ({
    metric: parts[0]?.metric ?? "",
    view: parts[0]?.view as View,
    nodes: [...new Set(parts.map(({ node }) => node))],
    charts: new Set(parts.map(({ chart }) => chart)),
  }));
  const blocks = Map.groupBy(
    rows,
    ({ view, nodes }) => `${JSON.stringify(view)}\0${nodes.join()}`,
  );
  return [...blocks.values()].flatMap((block) => {
    const [first] = block;
    if (first === undefined) return [];
    const { view, nodes } = first;
    const most = Math.max(
      1,
      Math.min(MAX_SERIES, Math.floor(maxBuckets / view.buckets)),
    );
    const nodesAtOnce = Math.min(nodes.length, most);
    const metricsAtOnce = Math.max(1, Math.floor(most / nodesAtOnce));
    const plans: PointsPlan[] = [];
    for (const some of chunks(block, metricsAtOnce)) {
      for (const node of chunks(nodes, nodesAtOnce)) {
        plans.push({
          view,
          charts: [...new Set(some.flatMap(({ charts }) => [...charts]))],
          query: {
            node,
            metric: some.map(({ metric }) => metric),
            ...toQuery(view),
          },
        });
      }
    }
    return plans;
  });
}

/** Cuts a list into pieces. */
export function chunks<T>(list: readonly T[], size: number): T[][] {
  const count = Math.ceil(list.length / size);
  return Array.from(
    { length: count },
    (_, at) => list.slice(at * size, (at + 1) * size),
  );
}
