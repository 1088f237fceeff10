/**
 * `/em/v1/points` and `/em/v1/export.csv`: the points of series.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { Access } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import {
  DEFAULT_BUCKETS,
  MAX_BUCKETS,
  MAX_METRICS,
  MAX_NODES,
  MAX_SERIES_ASKED,
  TURN_MS,
} from "../metrics/limits.ts";
import { Parameters } from "../metrics/parameters.ts";
import { readPoints, type WantedSeries } from "../metrics/points_answer.ts";
import { type CsvSeries, seriesToCsv } from "../metrics/series_csv.ts";
import { invalid } from "../refusal.ts";
import { Turns } from "../turns.ts";

const PARAMETERS = [
  "node",
  "metric",
  "after",
  "x",
  "from",
  "to",
  "buckets",
];

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function emPointsRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  const { database } = store.metrics;

  async function answer(c: Context<AppEnv>): Promise<Response> {
    const parameters = await Parameters.read(c.req.raw, PARAMETERS, meter);
    const list = wantedSeries(c.var.access, parameters);
    const x = parameters.oneOf("x", ["step", "epoch", "time", "relative"]);
    const options = {
      x,
      from: parameters.number("from"),
      to: parameters.number("to"),
      buckets: parameters.count("buckets", {
        fallback: DEFAULT_BUCKETS,
        max: MAX_BUCKETS,
      }),
    };
    const series: string[] = [];
    const turns = new Turns(TURN_MS);
    for (const wanted of list) {
      series.push(JSON.stringify(readPoints(database, wanted, options)));
      await turns.pass();
    }
    return c.body(`{"x":"${x}","series":[${series.join(",")}]}`, 200, {
      "content-type": "application/json",
    });
  }

  routes.get("/points", answer);
  routes.post("/points", answer);

  routes.get("/export.csv", (c) => {
    const parameters = Parameters.ofQuery(c.req.raw);
    const list = wantedSeries(c.var.access, parameters).map((wanted) => ({
      ...wanted,
      run: store.nodes.byId(wanted.node)?.name ?? "",
    }));
    return c.body(csvBody(list), 200, {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="metrics.csv"',
    });
  });

  function csvBody(
    list: readonly CsvSeries[],
  ): ReadableStream<Uint8Array<ArrayBuffer>> {
    const pieces = seriesToCsv(database, list);
    const encoder = new TextEncoder();
    return new ReadableStream({
      async pull(controller) {
        const { done, value } = pieces.next();
        if (done) controller.close();
        else controller.enqueue(encoder.encode(value));
        await new Promise((resolve) => setTimeout(resolve, 0));
      },
      cancel() {
        pieces.return(undefined);
      },
    }, { highWaterMark: 0 });
  }

  return routes;
}

/** Every named metric of every named node, node by node. */
function wantedSeries(access: Access, parameters: Parameters): WantedSeries[] {
  const nodes = parameters.all("node", MAX_NODES);
  const metrics = parameters.all("metric", MAX_METRICS);
  const after = parameters.all("after", MAX_SERIES_ASKED);
  if (nodes.length === 0 || metrics.length === 0) {
    throw invalid('invalid query: "node" and "metric" are needed');
  }
  if (nodes.length * metrics.length > MAX_SERIES_ASKED) {
    throw invalid(
      `invalid query: ${MAX_SERIES_ASKED} series may be asked for at once`,
    );
  }
  const ids = nodes.map((node) => access.node(node, "view").id);
  return ids.flatMap((node, row) =>
    metrics.map((metric, column) => ({
      node,
      ...splitMetric(metric),
      after: after[row * metrics.length + column],
    }))
  );
}

/** A metric is named `<type>/<name>`; only the name may hold further slashes. */
function splitMetric(
  metric: string,
): { readonly type: string; readonly name: string } {
  const slash = metric.indexOf("/");
  if (slash > 0) {
    return { type: metric.slice(0, slash), name: metric.slice(slash + 1) };
  }
  throw invalid(
    'invalid query: "metric" must look like "train/loss", type and name',
  );
}
