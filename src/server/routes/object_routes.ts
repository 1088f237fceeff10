/**
 * `/apis/v1/objects`: the objects of nodes.
 *
 * @module
 */

import { Hono } from "hono";
import {
  APPEND_CONTENT_TYPE,
  UPLOAD_OFFSET_HEADER,
} from "../../aistore/protocol.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { BodyReader } from "../body_reader.ts";
import { readFormContent } from "../form_content.ts";
import { downloadObject } from "../object_download.ts";
import { checkObjectKey } from "../names.ts";
import { invalid, Refusal } from "../refusal.ts";
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
      store: (content) => store.contents.write(content),
      discard: (content) => store.contents.discard(content),
    });
    const object = await store.contents.putObject(address, stored, contentType);
    return c.json(describeObject(object), 201);
  });

  routes.patch("/", async (c) => {
    const path = new Query(c.req.raw).required("path");
    const address = c.var.access.object(path, "edit");
    const offset = readOffset(c.req.raw.headers);
    using body = new BodyReader(c.req.raw, {
      meter,
      broken: "invalid body: it broke off",
    });
    const source = body.pieces();
    const result = await store.appends.append(address, { offset, source });
    if (result.state === "gone") throw objectNotFound(path);
    const { object } = result;
    const length = { [UPLOAD_OFFSET_HEADER]: String(object.size) };
    if (result.state === "appended") {
      return c.json(describeObject(object), 200, length);
    }
    throw new Refusal(
      409,
      `offset mismatch: the object has ${object.size} bytes [${path}]`,
      length,
    );
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

/** Where an append goes, from its headers. */
function readOffset(headers: Headers): number {
  const type = headers.get("content-type")?.split(";")[0]?.trim();
  if (type?.toLowerCase() !== APPEND_CONTENT_TYPE) {
    throw invalid(`invalid content type: it must be ${APPEND_CONTENT_TYPE}`);
  }
  const text = headers.get(UPLOAD_OFFSET_HEADER) ?? "";
  const offset = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(offset)) {
    throw invalid(
      `invalid header: "${UPLOAD_OFFSET_HEADER}" must be a number of bytes`,
    );
  }
  return offset;
}

function objectNotFound(path: string): Refusal {
  return new Refusal(404, `object not found [${path}]`);
}
