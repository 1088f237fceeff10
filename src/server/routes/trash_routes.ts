/**
 * `/apis/v1/trash`: what a user deleted and can have back.
 *
 * @module
 */

import { Hono } from "hono";
import type { RestoredNode, TrashedNode } from "../../aistore/protocol.ts";
import type { Access } from "../access.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { nodeNotFound } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import { toPage } from "../store/page.ts";
import type { TrashRow } from "../store/trash.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function trashRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const { trash } = store;
  const routes = new Hono<AppEnv>();

  routes.get("/", (c) => {
    const page = new Query(c.req.raw).page();
    const found = trash.list(c.var.access.user, page);
    return c.json(toPage(page, found, describe));
  });

  routes.post("/restore", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const { id } = owned(access, body.text("id"));
    const { node, isInPlace } = await trash.restore(id);
    const answer: RestoredNode = { ...access.describe(node), isInPlace };
    return c.json(answer);
  });

  routes.delete("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    await trash.purge(owned(c.var.access, body.text("id")).id);
    return c.body(null, 204);
  });

  /** The trash is its owner's, and nobody else learns what is in it. */
  function owned({ user }: Access, id: string): TrashRow {
    const row = trash.get(id);
    if (row?.owner !== user) throw nodeNotFound(id);
    return row;
  }

  function describe(row: TrashRow): TrashedNode {
    return {
      deletedTimestamp: row.deleted,
      editor: row.editor,
      expiresTimestamp: trash.expiry(row).toISOString(),
      id: row.id,
      name: row.name,
      nodes: row.nodes,
      objects: row.objects,
      path: row.path,
      size_bytes: row.size,
      type: row.type,
    };
  }

  return routes;
}
