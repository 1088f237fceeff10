/**
 * The viewer on a socket.
 *
 * @module
 */

import { WEB_PREFIX } from "../aistore/protocol.ts";
import { type Reporter, stderrReporter } from "../reporter.ts";
import { ListenError } from "../server/listen_error.ts";
import { listen, type RunningServer } from "../server/start_server.ts";
import { openViewer } from "./open_viewer.ts";
import { shownRoot } from "./shown_root.ts";

/** How to show a directory. */
export interface ViewerOptions {
  /** The directory: `.em` or a project's with `.em` in it, a directory of runs or artifacts, or one of them. */
  readonly dir: string;
  /** The port; 0 takes any that is free. Default: the first free one of {@linkcode DEFAULT_PORT} and those after it. */
  readonly port?: number | undefined;
  /** The address to listen on. Default: `127.0.0.1`, which other machines cannot reach. */
  readonly hostname?: string | undefined;
  /** How long a shutdown waits for requests under way, in milliseconds. Default: 10 s. */
  readonly shutdownGraceMs?: number | undefined;
  /** Where troubles are said. Default: stderr. */
  readonly reporter?: Reporter | undefined;
}

/** A viewer that listens. */
export interface RunningViewer extends AsyncDisposable {
  /** The address of the pages. */
  readonly url: string;
  /** The address of the API, such as `http://127.0.0.1:5858/t9k/aistore/server`. */
  readonly apiUrl: string;
  /** The port it listens on. */
  readonly port: number;
  /** The directory that is shown. */
  readonly root: string;
  /** Lets the requests under way finish for a while, then closes everything and leaves nothing behind. */
  shutdown(): Promise<void>;
  /** Settles when that is done. */
  readonly finished: Promise<void>;
}

/** The port that a viewer listens on if it is free. */
export const DEFAULT_PORT = 5858;

/** How many ports after it are tried before any. */
const PORTS_TRIED = 20;

/**
 * Shows the runs and artifacts below a directory in a browser, as a server does that they were uploaded to. Nothing is
 * uploaded, and nothing in the directory is changed.
 *
 * @param options What to show and where to listen.
 * @returns The viewer, listening.
 * @throws {ViewerError} If there is no such directory, or nothing to show in it.
 * @throws {PermissionError} If the directory may not be read.
 * @throws {ListenError} If the address is taken or is not this machine's.
 */
export async function startViewer(
  options: ViewerOptions,
): Promise<RunningViewer> {
  const { hostname = "127.0.0.1", reporter = stderrReporter } = options;
  const root = shownRoot(options.dir);
  const server = await Promise.resolve().then(() =>
    listenSomewhere(options, (port) =>
      listen(
        { ...options, hostname, port },
        () => openViewer({ root, listensOn: hostname, reporter }),
      ))
  );
  const shutdown = () => server.shutdown();
  return {
    url: new URL(`${WEB_PREFIX}/`, server.localUrl).href,
    apiUrl: server.localUrl,
    port: server.port,
    root,
    shutdown,
    finished: server.finished,
    [Symbol.asyncDispose]: shutdown,
  };
}

function listenSomewhere(
  { port }: ViewerOptions,
  listenAt: (port: number) => RunningServer,
): RunningServer {
  if (port !== undefined) return listenAt(port);
  for (let tried = 0; tried < PORTS_TRIED; tried++) {
    try {
      return listenAt(DEFAULT_PORT + tried);
    } catch (error) {
      const isTaken = error instanceof ListenError &&
        error.cause instanceof Deno.errors.AddrInUse;
      if (!isTaken) throw error;
    }
  }
  return listenAt(0);
}
