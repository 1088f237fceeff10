/**
 * `/em/v1`: what runs hold, as data, for pages that show it.
 *
 * @module
 */

import { Hono } from "hono";
import type { AppContext, AppEnv } from "../app_context.ts";
import { OPENAPI } from "../metrics/openapi.ts";
import { emPointsRoutes } from "./em_points_routes.ts";
import { emRowsRoutes } from "./em_rows_routes.ts";
import { emRunRoutes } from "./em_run_routes.ts";

/**
 * Makes the routes.
 *
 * @param context What they work with.
 * @returns The routes.
 */
export function emRoutes(context: AppContext): Hono<AppEnv> {
  context.store.metrics.reportTo(context.reporter);
  const routes = new Hono<AppEnv>();
  routes.get("/openapi.json", (c) => c.json(OPENAPI));
  routes.route("/", emPointsRoutes(context));
  routes.route("/", emRowsRoutes(context));
  routes.route("/", emRunRoutes(context));
  return routes;
}
