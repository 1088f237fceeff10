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
import { uploadNotFound } from "../store/contents.ts";
import { describeObject } from "../store/objects.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function multipartRoutes({ store, meter }: AppContext): Hono<AppEnv> {
  const { files } = store;
  const routes = new Hono<AppEnv>();

  routes.post("/", (c) => {
    const path = new Query(c.req.raw).required("path");
    const uploadId = store.uploads.begin(c.var.access.object(path, "edit"));
    return c.json({ uploadId }, 201);
  });

  routes.put("/:uploadId", async (c) => {
    const uploadId = uploadOf(c);
    const partNumber = new Query(c.req.raw)
      .number("partNumber", { max: MAX_PART_NUMBER });
    const { stored } = await readFormContent(c.req.raw, {
      meter,
      store: (content) => files.write(content),
      discard: ({ file }) => files.remove([file]),
    });
    await store.contents.putPart(uploadId, partNumber, stored);
    return c.json({ eTag: stored.md5 });
  });

  routes.get("/:uploadId", (c) => {
    const uploadId = uploadOf(c);
    const parts = store.uploads.parts(uploadId).map((
      { number, size, md5 },
    ) => ({
      partNumber: number,
      size,
      eTag: md5,
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
    const object = await store.contents.completeUpload(uploadId, parts);
    return c.json(describeObject(object));
  });

  routes.delete("/:uploadId", async (c) => {
    await store.contents.abortUpload(uploadOf(c));
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
