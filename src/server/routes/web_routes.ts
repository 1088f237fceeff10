/**
 * `/t9k/em/web/`: the web pages.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { Hono } from "hono";
import { WEB_PAGES } from "../../../generated/web_pages.ts";
import type { AppEnv } from "../app_context.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/**
 * Makes the routes. The page itself is asked for anew each time; it names the other files with a version, under which they
 * never change.
 *
 * @returns The routes.
 */
export function webRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();
  for (const [name, text] of Object.entries(WEB_PAGES)) {
    const etag = `"${createHash("sha256").update(text).digest("hex")}"`;
    const type = TYPES[name.split(".").at(-1) ?? ""] ?? "text/plain";
    routes.get(name === "index.html" ? "/" : `/${name}`, (c) => {
      c.header("etag", etag);
      c.header(
        "cache-control",
        c.req.query("v") === undefined
          ? "no-cache"
          : "public, max-age=31536000, immutable",
      );
      if (c.req.header("if-none-match") === etag) return c.body(null, 304);
      return c.body(text, 200, { "content-type": type });
    });
  }
  return routes;
}
