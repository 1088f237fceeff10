/**
 * An AIStore-compatible server of one's own: it keeps runs, artifacts and folders in one data folder (SQLite and
 * plain files), and speaks the protocol of the T9k platform's AIStore, so that both this package and the Python SDK
 * `t9k.em` upload to it.
 *
 * @example
 * ```ts
 * import { startServer } from "@t9k/em/server";
 *
 * const dataDir = await Deno.makeTempDir();
 * const server = await startServer({ dataDir, port: 0 });
 * if (server.firstStart) {
 *   const { user, apiKey } = server.firstStart;
 *   console.log(`log in to ${server.url} as ${user} with a key of ${apiKey.length} characters`);
 * }
 * await server.shutdown();
 * await Deno.remove(dataDir, { recursive: true });
 * ```
 *
 * @module
 */

export { EmError, type EmErrorCode } from "../errors.ts";
export type { Reporter } from "../reporter.ts";
export { DataDirError } from "./data_dir_error.ts";
export {
  createHandler,
  type FirstStart,
  type HandlerOptions,
  type ServerHandler,
  type ServerStats,
} from "./handler.ts";
export type { Durability } from "./store/durability.ts";
export { ListenError } from "./listen_error.ts";
export type { Peer } from "./peer.ts";
export { AccessLogError } from "./operations/access_log_error.ts";
export type { TrafficLimits } from "./operations/operations.ts";
export {
  type RunningServer,
  type ServerOptions,
  startServer,
  type TlsOptions,
} from "./start_server.ts";
