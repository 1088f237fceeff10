/**
 * `/apis/v1/objects`: the objects of nodes.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppContext, AppEnv } from "../app_context.ts";
import { readFormContent } from "../form_content.ts";
import { downloadObject } from "../object_download.ts";
import { checkObjectKey } from "../names.ts";
import { Refusal } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import { describeObject } from "../store/objects.ts";
import { toPage } from "../store/page.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function objectRoutes(context: AppContext): Hono<AppEnv> {
  const { store, meter } = context;
  const { files } = store;
  const routes = new Hono<AppEnv>();

  routes.get("/ls", (c) => {
    const query = new Query(c.req.raw);
    const node = c.var.access.objectNode(query.required("path"), "view");
    const page = query.page();
    const found = store.objects.list(node.id, page);
    return c.json(toPage(page, found, describeObject));
  });

  routes.get("/", (c) => {
    const path = new Query(c.req.raw).required("path");
    const object = store.objects.get(c.var.access.object(path, "view"));
    if (object === undefined) throw objectNotFound(path);
    return downloadObject(c.req.raw, object, context);
  });

  routes.post("/", async (c) => {
    const path = new Query(c.req.raw).required("path");
    const address = c.var.access.object(path, "edit");
    const { stored, contentType } = await readFormContent(c.req.raw, {
      meter,
      store: (content) => files.write(content),
      discard: ({ file }) => files.remove([file]),
    });
    const object = await store.contents.putObject(address, stored, contentType);
    return c.json(describeObject(object), 201);
  });

  routes.delete("/", async (c) => {
    const path = new Query(c.req.raw).required("path");
    const { nodeId, key } = c.var.access.object(path, "edit");
    const deleted = await store.contents.deleteObjects(nodeId, [key]);
    if (deleted === 0) throw objectNotFound(path);
    return c.body(null, 204);
  });

  routes.post("/delete", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const node = c.var.access.objectNode(body.text("node"), "edit");
    const keys = body.optionalTexts("paths") ?? [];
    keys.forEach(checkObjectKey);
    const deleted = await store.contents.deleteObjects(node.id, keys);
    return c.json({ deleted });
  });

  return routes;
}

function objectNotFound(path: string): Refusal {
  return new Refusal(404, `object not found [${path}]`);
}
