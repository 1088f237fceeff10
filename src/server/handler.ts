/**
 * The server without a socket.
 *
 * @module
 */

import { type Reporter, stderrReporter } from "../reporter.ts";
import { createApp } from "./app.ts";
import { Housekeeping } from "./housekeeping.ts";
import { Operations, type TrafficLimits } from "./operations/operations.ts";
import type { Peer } from "./peer.ts";
import { parsePublicUrl } from "./public_url.ts";
import type { Meter } from "./request_data.ts";
import { inDataDir } from "./store/data_dir_access.ts";
import type { Durability } from "./store/durability.ts";
import { Store } from "./store/store.ts";
import { Upkeep } from "./upkeep.ts";

/** How to make a {@linkcode ServerHandler}. */
export interface HandlerOptions {
  /** The folder in which the server keeps everything; it is made if it is missing. */
  readonly dataDir: string;
  /** The user that the first start makes; later starts do not look at it. Default: `demo`. */
  readonly user?: string | undefined;
  /** Where internal errors are said. Default: stderr. */
  readonly reporter?: Reporter | undefined;
  /**
   * The address under which the server is known, up to where the protocol's paths begin, such as
   * `https://lab.example.org/em`. Default: the one that it listens on.
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
  /** What a success answer survives: power loss, too, or only the end of the process. Default: `full`. */
  readonly durability?: Durability | undefined;
  /** How long nodes that were deleted can be restored, in milliseconds; 0 deletes them at once. Default: 30 days. */
  readonly trashMs?: number | undefined;
  /** How long a file is kept that nothing refers to any more; 0 removes it before the answer. Default: 5 s. */
  readonly unusedGraceMs?: number | undefined;
  /** The clock. Default: the system's. */
  readonly now?: (() => Date) | undefined;
}

/** The user that the first start made. */
export interface FirstStart {
  /** The user's name. */
  readonly user: string;
  /** The user's API key. The server keeps only its hash: it cannot be had again. */
  readonly apiKey: string;
}

/** What a server did since it was started. */
export interface ServerStats {
  /** Requests that were received. */
  readonly requests: number;
  /** Bytes of request bodies that were read, multipart framing included. */
  readonly receivedBodyBytes: number;
}

/** The server as a function from request to response, for a listener of one's own or for tests. */
export interface ServerHandler extends Disposable {
  /**
   * Answers a request; paths begin with `/t9k/aistore/server`. It never rejects. Without the other end's address, all
   * that send unknown API keys are taken for one.
   */
  readonly handle: (request: Request, peer?: Peer) => Promise<Response>;
  /** The user that was made, if this is the first start. */
  readonly firstStart: FirstStart | undefined;
  /** What was done until now. */
  readonly stats: () => ServerStats;
  /** Breaks off the downloads that are still under way, and what takes longer than a request should. */
  readonly abortDownloads: () => void;
  /** Ends answers that have no end of their own, such as streams of events. */
  readonly endStreams: () => void;
  /** Closes everything, as disposing it does, once the access log is written to its end and nothing goes on in the background. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a data folder and makes the server's function. Disposing it closes the folder.
 *
 * @param options The folder and more.
 * @returns The function and what belongs to it.
 * @throws {DataDirError} If another server has the folder, a newer version made it, or it is damaged, full or not for
 * this user.
 * @throws {RangeError} If no user can be called so, or the public address is none.
 * @throws {AccessLogError} If the access log cannot be written.
 *
 * @example
 * ```ts
 * import { createHandler } from "@t9k/em/server";
 *
 * const dataDir = await Deno.makeTempDir();
 * {
 *   using server = createHandler({ dataDir, user: "demo" });
 *   const url = new URL("http://localhost/t9k/aistore/server/oauth2/userinfo");
 *   url.searchParams.set("apikey", server.firstStart?.apiKey ?? "");
 *   const response = await server.handle(new Request(url));
 *   console.log(await response.json()); // { preferred_username: "demo" }
 * }
 * await Deno.remove(dataDir, { recursive: true });
 * ```
 */
export function createHandler(options: HandlerOptions): ServerHandler {
  return openHandler(options, false);
}

/**
 * Does what {@linkcode createHandler} does.
 *
 * @param options The folder and more.
 * @param isSentAtOnce Whether the caller has sent a piece of an answer when it asks for the next.
 * @returns The function and what belongs to it.
 */
export function openHandler(
  options: HandlerOptions,
  isSentAtOnce: boolean,
): ServerHandler {
  const reporter = options.reporter ?? stderrReporter;
  const publicUrl = parsePublicUrl(options.publicUrl);
  using resources = new DisposableStack();
  const store = resources.use(
    inDataDir(options.dataDir, () => new Store(options)),
  );
  const meter: Meter = { requests: 0, receivedBodyBytes: 0 };
  const operations = resources.use(
    new Operations({
      store,
      meter,
      reporter,
      accessLog: options.accessLog,
      metricsPublic: options.metricsPublic,
      limits: options.limits,
    }),
  );
  const firstStart = makeFirstUser(store, options.user ?? "demo");
  const downloads = new AbortController();
  const answer = createApp({
    store,
    operations,
    meter,
    reporter,
    signal: downloads.signal,
    isSentAtOnce,
    now: options.now,
    publicUrl,
    trustProxy: options.trustProxy,
  });
  resources.use(new Housekeeping({ store, reporter }));
  resources.use(
    new Upkeep({ store, reporter: options.reporter ?? stderrReporter }),
  );
  const owned = resources.move();
  return {
    handle: operations.around(answer),
    firstStart,
    stats: () => ({ ...meter }),
    abortDownloads() {
      downloads.abort();
      store.trash[Symbol.dispose]();
    },
    endStreams: () => operations.endStreams(),
    async close() {
      await operations.closeLog();
      owned.dispose();
      await store.duplicates.settled();
    },
    [Symbol.dispose]: () => owned.dispose(),
  };
}

function makeFirstUser(store: Store, user: string): FirstStart | undefined {
  if (!store.users.isEmpty()) return undefined;
  return { user, apiKey: store.users.add(user) };
}
