/**
 * `/em/v1/series`, `/em/v1/documents`, `/em/v1/archive` and `/em/v1/events`: what there is of nodes, and what changes.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { Access } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { downloadArchive } from "../archive.ts";
import { readDocuments } from "../metrics/documents.ts";
import { eventStream } from "../metrics/event_stream.ts";
import { MAX_HEARD_NODES, MAX_NODES, MAX_STREAMS } from "../metrics/limits.ts";
import { Parameters } from "../metrics/parameters.ts";
import { readRanks } from "../metrics/ranks.ts";
import { SeriesList } from "../metrics/series_list.ts";
import { invalid, Refusal } from "../refusal.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function emRunRoutes(context: AppContext): Hono<AppEnv> {
  const { store, meter } = context;
  const routes = new Hono<AppEnv>();
  const { database, hub } = store.metrics;
  const series = new SeriesList(database);

  async function listSeries(c: Context<AppEnv>): Promise<Response> {
    const { access } = c.var;
    const parameters = await Parameters.read(c.req.raw, ["node"], meter);
    const nodes = parameters.all("node", MAX_NODES);
    if (nodes.length === 0) throw invalid('invalid query: "node" is missing');
    const ids = nodes.map((node) => access.node(node, "view").id);
    return c.json({
      runs: ids.map((node) => ({
        node,
        ...database.snapshot(() => series.list(node)),
      })),
    });
  }

  routes.get("/series", listSeries);
  routes.post("/series", listSeries);

  routes.get("/documents", async (c) => {
    const reference = Parameters.ofQuery(c.req.raw).required("node");
    const { id } = c.var.access.objectNode(reference, "view");
    return c.json({
      node: id,
      documents: await readDocuments(store, id),
      ranks: await readRanks(store, id),
    });
  });

  routes.get("/archive", (c) => {
    const reference = Parameters.ofQuery(c.req.raw).required("node");
    const node = c.var.access.objectNode(reference, "view");
    return downloadArchive(c.req.raw, node, context);
  });

  routes.get("/events", (c) => {
    const { access } = c.var;
    const parameters = Parameters.ofQuery(c.req.raw);
    const nodes = heardNodes(access, parameters);
    if (hub.subscribers >= MAX_STREAMS) {
      throw new Refusal(503, "too many streams of events are open", {
        "retry-after": "5",
      });
    }
    const lastId = c.req.header("last-event-id") ??
      parameters.optional("lastEventId");
    const body = eventStream({
      hub,
      nodes,
      lastId,
      look(id) {
        const node = store.nodes.byId(id);
        if (node === undefined) return "gone";
        return access.permission(node) === undefined ? "denied" : "there";
      },
    });
    return c.body(body, 200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache, no-transform",
      // Proxies that gather what they pass on would hold events back.
      "x-accel-buffering": "no",
    });
  });

  return routes;
}

/** The nodes of which events are told: of several, those that may be looked at. */
function heardNodes(access: Access, parameters: Parameters): string[] {
  const references = parameters.all("node", MAX_HEARD_NODES);
  if (references.length < 2) {
    return [access.node(parameters.required("node"), "view").id];
  }
  let refusal: Refusal | undefined;
  const nodes = references.flatMap((reference) => {
    try {
      return [access.node(reference, "view").id];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      refusal = error;
      return [];
    }
  });
  if (nodes.length === 0 && refusal !== undefined) throw refusal;
  return nodes;
}
