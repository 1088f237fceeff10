/**
 * `/apis/v1/objects/multipart`: objects that are sent in parts.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import type { PartListing } from "../../aistore/protocol.ts";
import type { AppContext, AppEnv } from "../app_context.ts";
import { readFormContent } from "../form_content.ts";
import { MAX_PART_NUMBER } from "../limits.ts";
import { JsonBody, Query } from "../request_data.ts";
import { uploadNotFound } from "../store/part_uploads.ts";
import { describeObject } from "../store/objects.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function multipartRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.post("/", async (c) => {
    const path = new Query(c.req.raw).required("path");
    const address = c.var.access.object(path, "edit");
    const uploadId = await store.parts.begin(address);
    return c.json({ uploadId }, 201);
  });

  routes.put("/:uploadId", async (c) => {
    const uploadId = uploadOf(c);
    const partNumber = new Query(c.req.raw)
      .number("partNumber", { max: MAX_PART_NUMBER });
    const { stored } = await readFormContent(c.req.raw, {
      meter,
      store: (content) =>
        store.parts.write({ uploadId, number: partNumber }, content),
      discard: (part) => store.parts.discard(part),
    });
    await store.parts.put(uploadId, stored);
    return c.json({ eTag: stored.etag });
  });

  routes.get("/:uploadId", (c) => {
    const uploadId = uploadOf(c);
    const parts = store.uploads.parts(uploadId).map((
      { number, size, etag },
    ) => ({
      partNumber: number,
      size,
      eTag: etag,
    }));
    return c.json({ uploadId, parts } satisfies PartListing);
  });

  routes.post("/:uploadId", async (c) => {
    const uploadId = uploadOf(c);
    const body = await JsonBody.read(c.req.raw, meter);
    const parts = body.objects("parts").map((part) => ({
      partNumber: part.integer("partNumber"),
      etag: part.text("etag"),
    }));
    const object = await store.parts.complete(uploadId, parts);
    return c.json(describeObject(object));
  });

  routes.delete("/:uploadId", async (c) => {
    await store.parts.abort(uploadOf(c));
    return c.body(null, 204);
  });

  /** The upload that a request names, which must be one of the object that it names. */
  function uploadOf(c: Context<AppEnv>): string {
    const path = new Query(c.req.raw).required("path");
    const address = c.var.access.object(path, "edit");
    const uploadId = c.req.param("uploadId") ?? "";
    const upload = store.uploads.get(uploadId);
    if (upload?.nodeId !== address.nodeId || upload.key !== address.key) {
      throw uploadNotFound(uploadId);
    }
    return uploadId;
  }

  return routes;
}
