/**
 * The server as one function from request to response.
 *
 * @module
 */

import { type Context, Hono } from "hono";
import {
  APPEND,
  CAPABILITIES_HEADER,
  MULTIPART_LIST,
  SERVER_PREFIX,
  WEB_PREFIX,
} from "../aistore/protocol.ts";
import type { Reporter } from "../reporter.ts";
import { Access } from "./access.ts";
import type { AppContext, AppEnv } from "./app_context.ts";
import { authenticate } from "./auth.ts";
import { Refusal } from "./refusal.ts";
import { graphRoutes } from "./routes/graph_routes.ts";
import { multipartRoutes } from "./routes/multipart_routes.ts";
import { nodeRoutes } from "./routes/node_routes.ts";
import { objectRoutes } from "./routes/object_routes.ts";

/**
 * Makes the server's function.
 *
 * @param context What the routes work with.
 * @returns The function. It never rejects.
 */
export function createApp(
  context: AppContext,
): (request: Request) => Promise<Response> {
  const { store, meter, reporter } = context;
  const app = new Hono<AppEnv>();
  const api = new Hono<AppEnv>();
  api.use(async (c, next) => {
    c.set(
      "access",
      new Access(store.nodes, authenticate(c.req.raw, store.users)),
    );
    c.header(CAPABILITIES_HEADER, CAPABILITIES);
    await next();
  });
  api.get(
    "/oauth2/userinfo",
    (c) => c.json({ preferred_username: c.var.access.user }),
  );
  api.route("/apis/v1/nodes", nodeRoutes(context));
  api.route("/apis/v1/objects/multipart", multipartRoutes(context));
  api.route("/apis/v1/objects", objectRoutes(context));
  api.route("/apis/v1/graphs", graphRoutes(context));
  app.route(SERVER_PREFIX, api);
  app.get(`${WEB_PREFIX}/*`, (c) => c.text(NO_PAGES));
  // Clients take an empty 404 for a wrong address.
  app.notFound(() => new Response(null, { status: 404 }));
  app.onError((error, c) => answerError(error, c, reporter));
  return async (request) => {
    meter.requests++;
    return await app.fetch(request);
  };
}

const CAPABILITIES = [MULTIPART_LIST, APPEND].join(", ");

/** Clients print the console's address of what they upload; who follows it here is told where the data is. */
const NO_PAGES =
  "This server has no web pages yet. What was uploaded is in run directories on the machines that " +
  `trained, and here below ${SERVER_PREFIX}/apis/v1.\n`;

function answerError(
  error: Error,
  c: Context<AppEnv>,
  reporter: Reporter,
): Response {
  if (error instanceof Refusal) return error.toResponse();
  const where = `${c.req.method} ${c.req.path}`;
  reporter.warn(
    `server ${where} ${error.message}`,
    `The server failed in ${where}: ${error.stack ?? error.message}`,
  );
  return new Refusal(500, "internal error").toResponse();
}
