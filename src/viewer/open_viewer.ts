/**
 * The viewer without a socket.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import { join } from "@std/path";
import { delay } from "@std/async";
import { SERVER_PREFIX, WEB_PREFIX } from "../aistore/protocol.ts";
import type { Reporter } from "../reporter.ts";
import { hostname } from "../run/platform_facts.ts";
import { createApp } from "../server/app.ts";
import type { ServerHandler } from "../server/handler.ts";
import { isIndexed } from "../server/metrics/outdated.ts";
import { Operations } from "../server/operations/operations.ts";
import type { Meter } from "../server/request_data.ts";
import { secureResponse } from "../server/security_headers.ts";
import { Store } from "../server/store/store.ts";
import { foreignRequest } from "./foreign_request.ts";
import { Mirror } from "./mirror.ts";
import { nodesIn, nodesInUrl } from "./named_nodes.ts";
import type { ShownNode } from "./shown_node.ts";
import { nameOfRoot } from "./shown_root.ts";
import { Watch } from "./watch.ts";
import { makeWorkingDir } from "./working_dir.ts";

/** What {@linkcode openViewer} shows. */
export interface OpenViewerOptions {
  /** The directory, an absolute path without symbolic links. */
  readonly root: string;
  /** The address or name that the server listens on. */
  readonly listensOn: string;
  /** Where troubles are said. */
  readonly reporter: Reporter;
}

/** How long an answer about a run waits for the index at most; it is then given as far as the index is. */
const INDEX_PATIENCE_MS = 500;
const INDEX_POLL_MS = 10;

/** The answers that come from the index. */
const FROM_INDEX = /\/em\/v1\/(?:series|points|rows|export\.csv)$/;

/**
 * Makes the function that answers for a directory as a server does. What it knows is in a temporary directory, which goes
 * when it is closed.
 *
 * @param options What to show.
 * @returns The function and what belongs to it.
 */
export function openViewer(options: OpenViewerOptions): ServerHandler {
  const { root, listensOn, reporter } = options;
  using resources = new DisposableStack();
  const { path: tempDir, dataDir } = resources.use(makeWorkingDir());
  const replaced = join(tempDir, "replaced");
  Deno.mkdirSync(replaced);
  const user = nameOfRoot(root);
  const store: Store = resources.use(
    new Store({
      dataDir,
      durability: "process",
      hasOneDatabase: !mayAttach(),
      locate: (file): string => mirror.locate(file),
    }),
  );
  const mirror: Mirror = new Mirror(store.database, {
    root,
    user,
    tempDir: replaced,
    hostname: hostname(),
    reporter,
  });
  const watch = new Watch({
    mirror,
    pending: () => store.metrics.pending,
    reporter,
  });
  const meter: Meter = { requests: 0, receivedBodyBytes: 0 };
  const operations = resources.use(new Operations({ store, meter, reporter }));
  const downloads = new AbortController();
  const answer = createApp({
    store,
    meter,
    reporter,
    signal: downloads.signal,
    isSentAtOnce: true,
    shown: { path: root, user },
  });

  /** Has what a request is about as it is on disk. */
  async function refresh(nodes: readonly ShownNode[], path: string) {
    if (nodes.length === 0) return;
    const ids = nodes.map(({ id }) => id);
    store.metrics.prefer(ids);
    await watch.refresh(nodes);
    if (!FROM_INDEX.test(path)) return;
    const end = performance.now() + INDEX_PATIENCE_MS;
    while (performance.now() < end && !isIndexed(store.metrics.database, ids)) {
      await delay(INDEX_POLL_MS);
    }
  }

  /** Has what an answer is about looked at and indexed next, as long as not everything is. */
  async function goOnWith(response: Response): Promise<void> {
    const nodes = nodesIn(await response.clone().text(), mirror);
    store.metrics.prefer(nodes.map(({ id }) => id));
    // It is not waited for: those who look are told of what is found.
    watch.refresh(nodes);
  }

  const handle = operations.around(async (request, peer) => {
    const url = new URL(request.url);
    const { pathname } = url;
    const refusal = foreignRequest(request, listensOn);
    if (refusal) return secureResponse(pathname, refusal.toResponse());
    if (pathname === "/") {
      const headers = { location: `${WEB_PREFIX}/` };
      return secureResponse(
        pathname,
        new Response(null, { status: 302, headers }),
      );
    }
    if (pathname.startsWith(SERVER_PREFIX)) {
      await refresh(nodesInUrl(url, mirror), pathname);
    }
    const response = await answer(request, peer);
    if (watch.isBehind && FROM_INDEX.test(pathname)) await goOnWith(response);
    return response;
  });
  const owned = resources.move();
  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    await watch.end();
    await operations.closeLog();
    owned.dispose();
  }

  return {
    handle,
    firstStart: undefined,
    stats: () => ({ ...meter }),
    abortDownloads: () => downloads.abort(),
    endStreams: () => operations.endStreams(),
    close: () => closing ??= close(),
    [Symbol.dispose]: () => void (closing ??= close()),
  };
}

/** Whether two databases may be read as one: SQLite is not let look into a second file unless everything is allowed. */
function mayAttach(): boolean {
  using database = new DatabaseSync(":memory:");
  try {
    database.exec("ATTACH ':memory:' AS other");
    return true;
  } catch {
    return false;
  }
}
