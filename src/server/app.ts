/**
 * The server as one function from request to response.
 *
 * @module
 */

import { type Context, Hono, type HonoRequest } from "hono";
import { routePath } from "hono/route";
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
import { Authenticator, type Identity } from "./auth.ts";
import { clientOf } from "./client_info.ts";
import { operationRoutes } from "./operations/operation_routes.ts";
import { endWithPermission } from "./live_answer.ts";
import { note } from "./operations/request_record.ts";
import type { Peer } from "./peer.ts";
import { readOnly, Refusal } from "./refusal.ts";
import { emRoutes } from "./routes/em_routes.ts";
import { graphRoutes } from "./routes/graph_routes.ts";
import { multipartRoutes } from "./routes/multipart_routes.ts";
import { nodeRoutes } from "./routes/node_routes.ts";
import { objectRoutes } from "./routes/object_routes.ts";
import { sessionRoutes } from "./routes/session_routes.ts";
import { secureResponse } from "./security_headers.ts";
import { withoutKeys } from "./without_keys.ts";
import { trashRoutes } from "./routes/trash_routes.ts";
import { webRoutes } from "./routes/web_routes.ts";

/**
 * Makes the server's function.
 *
 * @param context What the routes work with.
 * @returns The function. It never rejects.
 */
export function createApp(
  context: AppContext,
): (request: Request, peer?: Peer) => Promise<Response> {
  const { store, meter, reporter, publicUrl, trustProxy = false, operations } =
    context;
  const { shown } = context;
  const local: Identity | undefined = shown &&
    { user: shown.user, keyHash: "" };
  const auth = new Authenticator({
    keys: store.keys,
    sessions: store.sessions,
    now: context.now,
  });
  const app = new Hono<AppEnv>();
  const api = new Hono<AppEnv>();
  app.use(async (c, next) => {
    await next();
    note(c.req.raw, { route: routePath(c, -1) });
  });
  api.use(async (c, next) => {
    if (shown && changes(c.req)) throw readOnly(shown);
    const identity = local ?? auth.authenticate(c.req.raw, c.env.client);
    c.set("identity", identity);
    note(c.req.raw, { user: identity.user });
    const { nodes, shares } = store;
    const isReadOnly = shown !== undefined;
    c.set("access", new Access({ nodes, shares, isReadOnly }, identity.user));
    if (!shown) c.header(CAPABILITIES_HEADER, CAPABILITIES);
    await next();
    const mayGoOn = () => local !== undefined || auth.holds(identity);
    const answer = endWithPermission(c.res, mayGoOn);
    if (answer !== c.res) c.res = answer;
  });
  api.get(
    "/oauth2/userinfo",
    (c) => c.json({ preferred_username: c.var.access.user }),
  );
  api.route("/apis/v1/nodes", nodeRoutes(context));
  api.route("/apis/v1/objects/multipart", multipartRoutes(context));
  api.route("/apis/v1/objects", objectRoutes(context));
  api.route("/apis/v1/graphs", graphRoutes(context));
  api.route("/apis/v1/trash", trashRoutes(context));
  api.route("/em/v1", emRoutes(context));
  // A reverse proxy may take the prefix of the public address away, or leave it.
  const prefix = publicUrl?.pathname.replace(/\/$/, "") ?? "";
  for (const before of new Set(["", prefix])) {
    const web = before + WEB_PREFIX;
    if (operations) {
      const routes = operationRoutes({ operations, auth });
      app.route(`${before}/`, routes);
      app.route(before + SERVER_PREFIX, routes);
    }
    app.route(before + SERVER_PREFIX, api);
    app.route(`${web}/session`, sessionRoutes({ ...context, auth }));
    // Relative, so that it leads to the page whatever a proxy has done with the path.
    app.get(web, (c) => c.redirect("web/"));
    app.route(`${web}/`, webRoutes());
  }
  // Clients take an empty 404 for a wrong address.
  app.notFound(() => new Response(null, { status: 404 }));
  app.onError((error, c) => answerError(error, c, reporter));
  return async (request, { remoteAddress } = { remoteAddress: "unknown" }) => {
    meter.requests++;
    const client = clientOf(request, { remoteAddress, trustProxy, publicUrl });
    note(request, { client: client.address });
    const env: AppEnv["Bindings"] = { client };
    const response = await app.fetch(request, env);
    return secureResponse(new URL(request.url).pathname, response);
  };
}

/** Whether a request is to change something. Of what `/em/v1` answers, long questions come by `POST`. */
function changes({ method, path }: HonoRequest): boolean {
  if (method === "GET" || method === "HEAD") return false;
  return method !== "POST" || !path.startsWith(`${SERVER_PREFIX}/em/v1/`);
}

const CAPABILITIES = [MULTIPART_LIST, APPEND].join(", ");

function answerError(
  error: Error,
  c: Context<AppEnv>,
  reporter: Reporter,
): Response {
  if (error instanceof Refusal) return error.toResponse();
  const where = `${c.req.method} ${c.req.path}`;
  const what = withoutKeys(error.stack ?? error.message);
  reporter.warn(
    `server ${where} ${error.message}`,
    `The server failed in ${where}: ${what}`,
  );
  return new Refusal(500, "internal error").toResponse();
}
