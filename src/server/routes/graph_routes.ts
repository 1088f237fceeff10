/**
 * `/apis/v1/graphs`: the dataflow between nodes.
 *
 * @module
 */

import { Hono } from "hono";
import type { NodeGraph } from "../../aistore/protocol.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { JsonBody, Query } from "../request_data.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function graphRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get("/", (c) => {
    const { access } = c.var;
    const node = access.node(new Query(c.req.raw).required("current"), "view");
    const graph: NodeGraph = {
      in: store.edges.into(node.id).map((row) => access.describe(row)),
      out: store.edges.outOf(node.id).map((row) => access.describe(row)),
    };
    return c.json(graph);
  });

  routes.post("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const edges = body.objects("graphs").map((edge) => ({
      from: access.node(edge.text("from"), "edit").id,
      to: access.node(edge.text("to"), "edit").id,
    }));
    store.edges.add(edges);
    return c.json({ graphs: edges }, 201);
  });

  return routes;
}
