/**
 * `/healthz` and `/metrics`: for those who look after a server.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppEnv } from "../app_context.ts";
import type { Authenticator } from "../auth.ts";
import { isLocal } from "./local_client.ts";
import type { Operations } from "./operations.ts";
import { PROMETHEUS_TYPE } from "./prometheus.ts";

/** What the routes work with. */
export interface OperationRoutesOptions {
  /** What is asked. */
  readonly operations: Operations;
  /** Knows the users. */
  readonly auth: Authenticator;
}

/**
 * Makes the routes.
 *
 * @param options What they work with.
 * @returns The routes.
 */
export function operationRoutes(
  { operations, auth }: OperationRoutesOptions,
): Hono<AppEnv> {
  const routes = new Hono<AppEnv>();

  routes.get("/healthz", async (c) => {
    const problem = await operations.health.problem();
    c.header("cache-control", "no-store");
    return c.text(`${problem ?? "ok"}\n`, problem === undefined ? 200 : 503);
  });

  routes.get("/metrics", async (c) => {
    const { client } = c.env;
    if (
      !operations.metricsPublic && !isLocal(c.req.raw.headers, client.address)
    ) {
      auth.authenticate(c.req.raw, client);
    }
    c.header("cache-control", "no-store");
    return c.body(await operations.metricsText(), 200, {
      "content-type": PROMETHEUS_TYPE,
    });
  });

  return routes;
}
