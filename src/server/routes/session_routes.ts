/**
 * `/t9k/em/web/session`: browsers sign in and out.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppContext, AppEnv } from "../app_context.ts";
import { type Authenticator, otherOrigin } from "../auth.ts";
import { readOnly, Refusal } from "../refusal.ts";
import { JsonBody } from "../request_data.ts";
import { originOf } from "../same_origin.ts";
import {
  readSessionCookie,
  sessionCookie,
  type SessionCookieOptions,
} from "../session_cookie.ts";

/** What {@linkcode sessionRoutes} work with. */
export interface SessionRoutesOptions extends AppContext {
  /** Finds out whose a key is. */
  readonly auth: Authenticator;
}

/** Tells pages that they show a server, which may be written to, and not a local directory. */
const SERVER_MODE = { mode: "server", readOnly: false } as const;

/**
 * Makes the routes: `GET` says who is signed in, `POST {"apiKey": …}` signs in, `DELETE` signs out. Where a local
 * directory is shown, its user is signed in all the time.
 *
 * @param options What they work with.
 * @returns The routes.
 */
export function sessionRoutes(options: SessionRoutesOptions): Hono<AppEnv> {
  const { store, auth, meter, publicUrl, shown } = options;
  const now = options.now ?? (() => new Date());
  const routes = new Hono<AppEnv>();
  // Server and console are both below it, and nothing else.
  const path = `${publicUrl?.pathname.replace(/\/$/, "") ?? ""}/t9k`;
  const cookie = (
    secret: string,
    rest: Omit<SessionCookieOptions, "path">,
  ) => sessionCookie(secret, { path, ...rest });

  if (shown) {
    const { user, path: directory } = shown;
    routes.get("/", (c) => {
      c.header("cache-control", "no-store");
      return c.json({ user, mode: "local", readOnly: true, directory });
    });
    routes.all("/", () => {
      throw readOnly(shown);
    });
    return routes;
  }

  routes.get("/", (c) => {
    const session = store.sessions.find(readSessionCookie(c.req.raw.headers));
    c.header("cache-control", "no-store");
    return c.json(
      session === undefined
        ? { user: null, ...SERVER_MODE }
        : { user: session.user, expires: session.expires, ...SERVER_MODE },
    );
  });

  routes.post("/", async (c) => {
    const { client } = c.env;
    const { headers } = c.req.raw;
    // A page of another site must not sign somebody in either, as somebody else.
    if (originOf(headers, client) === "other") throw otherOrigin();
    const type = headers.get("content-type")?.split(";")[0]?.trim();
    if (type?.toLowerCase() !== "application/json") {
      throw new Refusal(415, "the body must be of the type application/json");
    }
    const body = await JsonBody.read(c.req.raw, meter);
    const key = auth.key(body.text("apiKey"), client);
    store.sessions.end(readSessionCookie(headers));
    const { secret, expires } = store.sessions.begin(key);
    c.header("cache-control", "no-store");
    c.header(
      "set-cookie",
      cookie(secret, {
        secure: client.secure,
        maxAgeMs: Date.parse(expires) - now().getTime(),
      }),
    );
    return c.json({ user: key.user, expires });
  });

  routes.delete("/", (c) => {
    const { client } = c.env;
    const { headers } = c.req.raw;
    const secret = readSessionCookie(headers);
    if (secret !== "" && originOf(headers, client) !== "same") {
      throw otherOrigin();
    }
    store.sessions.end(secret);
    c.header(
      "set-cookie",
      cookie("", { secure: client.secure, maxAgeMs: 0 }),
    );
    return c.body(null, 204);
  });

  return routes;
}
