/**
 * The server on a socket.
 *
 * @module
 */

import { SERVER_PREFIX } from "../aistore/protocol.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import {
  type FirstStart,
  openHandler,
  type ServerHandler,
  type ServerStats,
} from "./handler.ts";
import { SHUTDOWN_GRACE_MS } from "./limits.ts";
import { ListenError } from "./listen_error.ts";
import type { Peer } from "./peer.ts";
import { parsePublicUrl } from "./public_url.ts";
import type { TrafficLimits } from "./operations/operations.ts";
import { SlowReaderError } from "./operations/sent_body.ts";
import { invalid } from "./refusal.ts";
import { RequestGate } from "./request_gate.ts";
import { withoutKeys } from "./without_keys.ts";

/** What a server needs to speak HTTPS. */
export interface TlsOptions {
  /** The certificate, and those that lead to its authority, in PEM. */
  readonly cert: string;
  /** The private key of the certificate, in PEM. */
  readonly key: string;
}
import type { Durability } from "./store/durability.ts";

/** How to start a server. */
export interface ServerOptions {
  /** The folder in which the server keeps everything; it is made if it is missing. */
  readonly dataDir: string;
  /** The port; 0 takes any that is free. Default: 8000. */
  readonly port?: number | undefined;
  /** The address to listen on. Default: `127.0.0.1`, which other machines cannot reach. */
  readonly hostname?: string | undefined;
  /** The user that the first start makes; later starts do not look at it. Default: `demo`. */
  readonly user?: string | undefined;
  /** What a success answer survives: power loss, too, or only the end of the process. Default: `full`. */
  readonly durability?: Durability | undefined;
  /** How long nodes that were deleted can be restored, in milliseconds; 0 deletes them at once. Default: 30 days. */
  readonly trashMs?: number | undefined;
  /** How long a file is kept that nothing refers to any more; 0 removes it before the answer. Default: 5 s. */
  readonly unusedGraceMs?: number | undefined;
  /** How long a shutdown waits for requests under way before it breaks them off. Default: 10 s. */
  readonly shutdownGraceMs?: number | undefined;
  /** TLS: with it the server speaks HTTPS and nothing else. Default: none, it speaks plain HTTP. */
  readonly tls?: TlsOptions | undefined;
  /**
   * The address under which clients know the server, up to where the protocol's paths begin, such as
   * `https://lab.example.org/em` behind a reverse proxy. Default: the one that it listens on.
   */
  readonly publicUrl?: string | undefined;
  /**
   * Whether every request comes through a reverse proxy that sets `X-Forwarded-For`, `-Proto` and `-Host`. Otherwise
   * they are ignored, for anybody can send them. Default: no.
   */
  readonly trustProxy?: boolean | undefined;
  /** A file to which a line of JSON is appended for each request; `-` is stderr. Default: none. */
  readonly accessLog?: string | undefined;
  /** Whether anybody may read `/metrics`, not only programs on this machine and who sends an API key. Default: no. */
  readonly metricsPublic?: boolean | undefined;
  /** Limits that protect the server from its clients. */
  readonly limits?: TrafficLimits | undefined;
  /** Shuts the server down when it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Where internal errors are said. Default: stderr. */
  readonly reporter?: Reporter | undefined;
}

/** A server that listens. */
export interface RunningServer extends AsyncDisposable {
  /** The address that clients log in to, such as `http://127.0.0.1:8000/t9k/aistore/server`; with a public address, below that. */
  readonly url: string;
  /** The same on this machine, whatever stands in front. */
  readonly localUrl: string;
  /** The port it listens on. */
  readonly port: number;
  /** The user that was made, if this is the first start. Say it to somebody: the key cannot be had again. */
  readonly firstStart: FirstStart | undefined;
  /** What was done until now. */
  readonly stats: () => ServerStats;
  /** Lets the requests under way finish for a while, then closes everything. A second call does nothing more. */
  shutdown(): Promise<void>;
  /** Settles when the server has been shut down and everything is closed. */
  readonly finished: Promise<void>;
}

/**
 * Starts an AIStore-compatible server. The first start in a data folder makes a user and an API key.
 *
 * @param options Where to keep data and where to listen.
 * @returns The server, listening.
 * @throws {DataDirError} If another server has the folder, or a newer version made it.
 * @throws {ListenError} If the address is taken or is not this machine's.
 * @throws {RangeError} If no user can be called so, or the public address is none.
 * @throws {AccessLogError} If the access log cannot be written.
 *
 * @example
 * ```ts
 * import { startServer } from "@t9k/em/server";
 *
 * const dataDir = await Deno.makeTempDir();
 * {
 *   await using server = await startServer({ dataDir, port: 0 });
 *   console.log(`${server.url} ${server.firstStart?.user}`);
 * }
 * await Deno.remove(dataDir, { recursive: true });
 * ```
 */
export function startServer(options: ServerOptions): Promise<RunningServer> {
  return new Promise((resolve) => {
    options.signal?.throwIfAborted();
    resolve(listen(options, () => openHandler(options, true)));
  });
}

/** Where {@linkcode listen} listens, and for how long. */
export type ListenOptions = Pick<
  ServerOptions,
  | "port"
  | "hostname"
  | "tls"
  | "signal"
  | "shutdownGraceMs"
  | "publicUrl"
  | "reporter"
>;

/**
 * Listens on a socket.
 *
 * @param options Where.
 * @param openHandler Makes the function that answers, once the address is taken.
 * @returns The server.
 * @throws {ListenError} If the address is taken or is not this machine's.
 */
export function listen(
  options: ListenOptions,
  openHandler: () => ServerHandler,
): RunningServer {
  const { port = 8000, hostname = "127.0.0.1", signal, tls } = options;
  const { shutdownGraceMs = SHUTDOWN_GRACE_MS } = options;
  // The address first: a first start that then fails would leave a user whose key nobody has seen. No request is
  // handled before this function has returned.
  const publicUrl = parsePublicUrl(options.publicUrl);
  const peers = new WeakMap<Request, Peer>();
  const gate = new RequestGate((request) =>
    handler.handle(request, peers.get(request))
  );
  const breaking = new AbortController();
  const http = serve((request, { remoteAddr, completed }) => {
    // Of a Host header such as "a b" no address can be made, and the error of trying shows the key in it.
    if (!URL.canParse(request.url)) {
      return invalid("invalid Host header").toResponse();
    }
    peers.set(request, { remoteAddress: remoteAddr.hostname, completed });
    return gate.handle(request);
  }, {
    port,
    hostname,
    signal: breaking.signal,
    onError: (error) => answerBroken(error, options.reporter),
    ...tls,
  });
  const handler = open(openHandler, breaking);
  const finished = Promise.withResolvers<void>();
  let ending = false;

  async function shutdown(): Promise<void> {
    if (ending) return await finished.promise;
    ending = true;
    signal?.removeEventListener("abort", shutdown);
    handler.endStreams();
    const deadline = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      handler.abortDownloads();
      deadline.resolve();
    }, shutdownGraceMs);
    // Deno's own shutdown would break off the bodies that are being received.
    await Promise.race([gate.close(), deadline.promise]);
    if (gate.active > 0) breaking.abort();
    else await Promise.race([http.shutdown(), deadline.promise]);
    clearTimeout(timer);
    await gate.close();
    await handler.close();
    finished.resolve();
  }

  signal?.addEventListener("abort", shutdown);
  const scheme = tls ? "https" : "http";
  const localUrl = `${scheme}://${reachable(hostname)}:${http.addr.port}`;
  return {
    url: (publicUrl?.href.replace(/\/$/, "") ?? localUrl) + SERVER_PREFIX,
    localUrl: localUrl + SERVER_PREFIX,
    port: http.addr.port,
    firstStart: handler.firstStart,
    stats: handler.stats,
    shutdown,
    finished: finished.promise,
    [Symbol.asyncDispose]: shutdown,
  };
}

function open(
  openHandler: () => ServerHandler,
  breaking: AbortController,
): ServerHandler {
  try {
    return openHandler();
  } catch (error) {
    breaking.abort();
    throw error;
  }
}

function serve(
  handle: (
    request: Request,
    info: Deno.ServeHandlerInfo<Deno.NetAddr>,
  ) => Response | Promise<Response>,
  options: Deno.ServeTcpOptions | (Deno.ServeTcpOptions & TlsOptions),
): Deno.HttpServer<Deno.NetAddr> {
  try {
    return Deno.serve({
      ...options,
      automaticCompression: false,
      onListen: () => {},
    }, handle);
  } catch (error) {
    throw new ListenError(`${options.hostname}:${options.port}`, error);
  }
}

/** Says why an answer broke off, unless it was meant to. What was sent of it cannot be taken back. */
function answerBroken(
  error: unknown,
  reporter: Reporter = stderrReporter,
): Response {
  const isMeant = error instanceof SlowReaderError ||
    error instanceof DOMException && error.name === "AbortError";
  if (!isMeant) {
    const text = error instanceof Error ? error.stack : undefined;
    const what = withoutKeys(text ?? String(error));
    reporter.warn(`server ${error}`, `An answer broke off: ${what}`);
  }
  return new Response(null, { status: 500 });
}

/** An address by which this machine reaches a listener. */
function reachable(hostname: string): string {
  if (hostname === "0.0.0.0") return "127.0.0.1";
  if (hostname === "::") return "[::1]";
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
