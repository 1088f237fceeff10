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
import { checkObjectKey } from "../names.ts";
import { copyObjects } from "../object_copy.ts";
import { downloadObject, etagOf } from "../object_download.ts";
import { checkPreconditions } from "../preconditions.ts";
import { invalid, objectNotFound, Refusal } from "../refusal.ts";
import { JsonBody, Query } from "../request_data.ts";
import { describeObject, type ObjectRow } from "../store/objects.ts";
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
    const filter = {
      ...query.page(),
      prefix: query.optional("prefix"),
      search: query.search(),
    };
    const found = store.objectLists.list(node.id, filter);
    return c.json(toPage(filter, found, describeObject));
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
    const check = (object: ObjectRow | undefined) => {
      checkPreconditions(c.req.raw, object && etagOf(object));
    };
    check(store.objects.get(address));
    const { stored, contentType } = await readFormContent(c.req.raw, {
      meter,
      store: (content) => store.contents.write(content),
      discard: (content) => store.contents.discard(content),
    });
    const object = await store.contents.putObject(address, stored, {
      contentType,
      // While the body arrived a right may have been taken away, and the object may have become another.
      check(object) {
        c.var.access.node(address.nodeId, "edit");
        check(object);
      },
    });
    return c.json(describeObject(object), 201);
  });

  routes.post("/copy", async (c) => {
    const { access } = c.var;
    const body = await JsonBody.read(c.req.raw, meter);
    const copied = await copyObjects(context, {
      access,
      from: body.text("from"),
      to: body.text("to"),
      paths: body.optionalTexts("paths"),
    });
    return c.json(copied);
  });

  routes.patch("/", async (c) => {
    const path = new Query(c.req.raw).required("path");
    const address = c.var.access.object(path, "edit");
    const offset = readOffset(c.req.raw.headers);
    using body = new BodyReader(c.req.raw, {
      meter,
      broken: "invalid body: it broke off",
    });
    const source = checkedAfter(
      body.pieces(),
      () => c.var.access.node(address.nodeId, "edit"),
    );
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
    const keys = body.texts("paths");
    keys.forEach(checkObjectKey);
    const deleted = await store.contents.deleteObjects(node.id, keys);
    return c.json({ deleted });
  });

  return routes;
}

/** A body after which something must still hold: a right may be taken away while it arrives. */
async function* checkedAfter(
  pieces: AsyncIterable<Uint8Array>,
  check: () => void,
): AsyncGenerator<Uint8Array> {
  yield* pieces;
  check();
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
