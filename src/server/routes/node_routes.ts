/**
 * `/apis/v1/nodes`: the tree of nodes.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppContext, AppEnv } from "../app_context.ts";
import { JsonBody, Query } from "../request_data.ts";
import { checkShortcut, followShortcut } from "../shortcuts.ts";
import { NODE_SORTS, type NodeFilter } from "../store/node_lists.ts";
import { toPage } from "../store/page.ts";
import { shareRoutes } from "./share_routes.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function nodeRoutes(context: AppContext): Hono<AppEnv> {
  const { store, meter } = context;
  const routes = new Hono<AppEnv>();
  routes.route("/shares", shareRoutes(context));

  routes.get("/", (c) => {
    const { access } = c.var;
    const query = new Query(c.req.raw);
    const folder = access.node(query.required("parent"), "view");
    const filter = readFilter(query);
    const found = store.nodeLists.children(folder.id, filter);
    const path = store.nodes.pathOf(folder.id);
    return c.json(
      toPage(
        filter,
        found,
        (node) => access.describeAt(node, `${path}/${node.name}`),
      ),
    );
  });

  routes.get("/shared", (c) => {
    const { access } = c.var;
    const filter = readFilter(new Query(c.req.raw));
    const found = store.nodeLists.sharedWith(access.user, filter);
    return c.json(toPage(filter, found, (node) => access.describe(node)));
  });

  routes.get("/public", (c) => {
    const { access } = c.var;
    const filter = readFilter(new Query(c.req.raw));
    const found = store.nodeLists.public(filter);
    return c.json(toPage(filter, found, (node) => access.describe(node)));
  });

  routes.get("/info", (c) => {
    const { access } = c.var;
    const query = new Query(c.req.raw);
    const node = access.node(query.required("node"), "view");
    const isFollowed = query.oneOf("follow", ["true", "false"]) === "true";
    return c.json(
      access.describe(isFollowed ? followShortcut(access, node) : node),
    );
  });

  routes.post("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const parent = access.node(body.text("parent"), "edit");
    const made = {
      name: body.text("name"),
      type: body.text("type"),
      storageType: body.optionalInteger("storageType"),
      labels: body.optionalTexts("labels") ?? [],
      description: body.optionalText("description") ?? "",
      extra: body.optionalText("extra") ?? "",
    };
    checkShortcut(access, made);
    const node = store.nodes.create(parent, made, access.user);
    return c.json(access.describe(node), 201);
  });

  routes.put("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const node = access.node(body.text("node"), "edit");
    const parent = body.optionalText("parent");
    const extra = body.optionalText("extra");
    if (extra !== undefined) checkShortcut(access, { ...node, extra });
    const changed = store.nodes.update(node, {
      name: body.optionalText("name"),
      parent: parent === undefined ? parent : access.moveTarget(node, parent),
      labels: body.optionalTexts("labels"),
      description: body.optionalText("description"),
      extra,
    }, access.user);
    return c.json(access.describe(changed));
  });

  routes.delete("/", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const node = access.removable(body.text("node"));
    await store.trash.discard(node, { editor: access.user });
    return c.body(null, 204);
  });

  return routes;
}

/** What is listed where the query says nothing: nodes of every type, by name, ten a page. */
function readFilter(query: Query): NodeFilter {
  return {
    ...query.page(),
    types: query.all("type"),
    labels: query.all("label"),
    search: query.search(),
    sort: query.oneOf("sort", NODE_SORTS),
  };
}
