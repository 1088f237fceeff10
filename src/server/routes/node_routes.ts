/**
 * `/apis/v1/nodes`: the tree of nodes.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppContext, AppEnv } from "../app_context.ts";
import { JsonBody, Query } from "../request_data.ts";
import { toPage } from "../store/page.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function nodeRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get("/", (c) => {
    const { access } = c.var;
    const query = new Query(c.req.raw);
    const folder = access.node(query.required("parent"), "view");
    const page = query.page();
    const found = store.nodes.children(folder, {
      ...page,
      type: query.optional("type"),
      label: query.optional("label"),
    });
    const path = store.nodes.pathOf(folder.id);
    return c.json(
      toPage(
        page,
        found,
        (node) => access.describeAt(node, `${path}/${node.name}`),
      ),
    );
  });

  routes.get("/info", (c) => {
    const { access } = c.var;
    const node = access.node(new Query(c.req.raw).required("node"), "view");
    return c.json(access.describe(node));
  });

  routes.post("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const parent = access.node(body.text("parent"), "edit");
    const node = store.nodes.create(parent, {
      name: body.text("name"),
      type: body.text("type"),
      storageType: body.optionalInteger("storageType"),
      labels: body.optionalTexts("labels") ?? [],
      description: body.optionalText("description") ?? "",
      extra: body.optionalText("extra") ?? "",
    }, access.user);
    return c.json(access.describe(node), 201);
  });

  routes.put("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const node = access.node(body.text("node"), "edit");
    const changed = store.nodes.update(node, {
      name: body.optionalText("name"),
      labels: body.optionalTexts("labels"),
      description: body.optionalText("description"),
      extra: body.optionalText("extra"),
    }, access.user);
    return c.json(access.describe(changed));
  });

  routes.delete("/", async (c) => {
    const body = await JsonBody.read(c.req.raw, meter);
    const node = c.var.access.node(body.text("node"), "own");
    await store.contents.deleteNode(node);
    return c.body(null, 204);
  });

  return routes;
}
