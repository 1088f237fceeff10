/**
 * `/apis/v1/graphs`: the dataflow between nodes. A branch, a tag or a commit of an asset has the id `<asset id>:<name>`.
 *
 * @module
 */

import { Hono } from "hono";
import {
  type AIStoreNode,
  type GraphComponent,
  type GraphEdge,
  type NodeGraph,
  STORAGE_TYPES,
} from "../../aistore/protocol.ts";
import type { Access, Permission } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { findComponent } from "../component.ts";
import { MAX_GRAPH_NODES } from "../limits.ts";
import { nodeNotFound } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import {
  type Edge,
  type EdgeEnd,
  edgeEndId,
  type Neighbour,
} from "../store/edges.ts";

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
    const describe = (rows: Neighbour[]) =>
      rows.filter((row) => access.permission(row) !== undefined)
        .map((row) => describeEnd(access, row));
    const graph: NodeGraph = {
      in: describe(store.edges.into(end)),
      out: describe(store.edges.outOf(end)),
    };
    return c.json(graph);
  });

  routes.get("/component", (c) => {
    const { access } = c.var;
    const query = new Query(c.req.raw);
    const end = findEnd(access, query.required("current"), "view");
    const limit = query.number("limit", {
      fallback: MAX_GRAPH_NODES,
      max: MAX_GRAPH_NODES,
    });
    const { ends, edges, complete } = findComponent(end, {
      store,
      limit,
      isVisible: (node) => access.permission(node) !== undefined,
    });
    const component: GraphComponent = {
      nodes: ends.map((row) => describeEnd(access, row)),
      edges: edges.map(describeEdge),
      complete,
    };
    return c.json(component);
  });

  routes.post("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const edges = readEdges(c.var.access, body);
    store.edges.add(edges);
    return c.json({ graphs: edges.map(describeEdge) }, 201);
  });

  routes.delete("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const deleted = store.edges.remove(readEdges(c.var.access, body));
    return c.json({ deleted });
  });

  return routes;
}

/** The edges of a body. An edge belongs to the node that it leads to: data goes into that one. */
function readEdges(access: Access, body: JsonBody): Edge[] {
  return body.objects("graphs").map((edge) => ({
    from: findEnd(access, edge.text("from"), "view"),
    to: findEnd(access, edge.text("to"), "edit"),
  }));
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

function describeEdge({ from, to }: Edge): GraphEdge {
  return { from: edgeEndId(from), to: edgeEndId(to) };
}

function describeEnd(access: Access, row: Neighbour): AIStoreNode {
  const node = access.describe(row);
  if (row.version === "") return node;
  return { ...node, id: edgeEndId(row), path: `${node.path}:${row.version}` };
}
