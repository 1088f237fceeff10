/**
 * `/apis/v1/nodes/shares`: with whom a node is shared. Only who owns a node may see or change that.
 *
 * @module
 */

import { Hono } from "hono";
import type { NodeShare, NodeShares } from "../../aistore/protocol.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { invalid } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import type { NodeRow } from "../store/node_row.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function shareRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get("/", (c) => {
    const node = c.var.access.node(
      new Query(c.req.raw).required("node"),
      "own",
    );
    return c.json(sharesOf(node));
  });

  routes.put("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const node = c.var.access.node(body.text("node"), "own");
    store.shares.replace(node, body.objects("shares").map(readShare));
    return c.json(sharesOf(node));
  });

  routes.post("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const node = c.var.access.node(body.text("node"), "own");
    store.shares.add(node, [readShare(body)]);
    return c.json(sharesOf(node));
  });

  routes.delete("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const node = c.var.access.node(body.text("node"), "own");
    store.shares.remove(node.id, body.text("user"));
    return c.json(sharesOf(node));
  });

  function sharesOf({ id }: NodeRow): NodeShares {
    return {
      shares: store.shares.list(id),
      inherited: store.shares.inherited(id, (id) => store.nodes.pathOf(id)),
    };
  }

  return routes;
}

function readShare(body: JsonBody): NodeShare {
  const user = body.text("user");
  const permission = body.text("permission");
  if (permission === "view" || permission === "edit") {
    return { user, permission };
  }
  throw invalid('invalid share: its permission must be "view" or "edit"');
}
