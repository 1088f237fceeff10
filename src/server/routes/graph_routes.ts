/**
 * `/apis/v1/graphs`: the dataflow between nodes. A branch, a tag or a commit of an asset has the id `<asset id>:<name>`.
 *
 * @module
 */

import { Hono } from "hono";
import {
  type AIStoreNode,
  type NodeGraph,
  STORAGE_TYPES,
} from "../../aistore/protocol.ts";
import type { Access, Permission } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { nodeNotFound } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import type { EdgeEnd, Neighbour } from "../store/edges.ts";

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
    const reference = new Query(c.req.raw).required("current");
    const end = findEnd(access, reference, "view");
    const describe = (row: Neighbour) => describeEnd(access, row);
    const graph: NodeGraph = {
      in: store.edges.into(end).map(describe),
      out: store.edges.outOf(end).map(describe),
    };
    return c.json(graph);
  });

  routes.post("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const edges = body.objects("graphs").map((edge) => ({
      from: findEnd(access, edge.text("from"), "view"),
      to: findEnd(access, edge.text("to"), "edit"),
    }));
    store.edges.add(edges);
    const graphs = edges.map(({ from, to }) => ({
      from: idOf(from),
      to: idOf(to),
    }));
    return c.json({ graphs }, 201);
  });

  return routes;
}

function findEnd(
  access: Access,
  reference: string,
  wanted: Permission,
): EdgeEnd {
  const colon = reference.startsWith("/") ? -1 : reference.indexOf(":");
  if (colon === -1) {
    return { id: access.node(reference, wanted).id, version: "" };
  }
  const node = access.node(reference.slice(0, colon), wanted);
  const version = reference.slice(colon + 1);
  // Only assets have versions.
  if (version === "" || node.storage_type !== STORAGE_TYPES.Model) {
    throw nodeNotFound(reference);
  }
  return { id: node.id, version };
}

function idOf({ id, version }: EdgeEnd): string {
  return version === "" ? id : `${id}:${version}`;
}

function describeEnd(access: Access, row: Neighbour): AIStoreNode {
  const node = access.describe(row);
  if (row.version === "") return node;
  return { ...node, id: idOf(row), path: `${node.path}:${row.version}` };
}
