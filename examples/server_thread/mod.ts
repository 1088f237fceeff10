/**
 * A server for examples, on a thread of its own: it goes on serving while a training computes without a pause, and it
 * cannot outlive the script. Outside of examples, start one by `em serve`.
 *
 * @module
 */

/** A question to the server's thread. */
export type Question =
  | { readonly ask: "start"; readonly dataDir: string }
  | { readonly ask: "stats" }
  | { readonly ask: "stop" };

/** Its answer; which members it has depends on the question. */
export interface Answer {
  readonly url?: string;
  readonly apiKey?: string;
  readonly stats?: ServerStats;
}

/** What the server has received since its start. */
export interface ServerStats {
  /** Requests of any kind. */
  readonly requests: number;
  /** The bytes of all request bodies. */
  readonly receivedBodyBytes: number;
}

/** A server on a thread of its own. */
export interface ServerThread {
  /** The address for `login()`. */
  readonly url: string;
  /** The API key of the user `demo`. */
  readonly apiKey: string;
  /** What the server has received so far. */
  stats(): Promise<ServerStats>;
  /** Stops the server and its thread. */
  shutdown(): Promise<void>;
}

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param dataDir The folder for the server's data; must be new.
 * @returns The running server.
 */
export async function startServerThread(
  dataDir: string,
): Promise<ServerThread> {
  const worker = new Worker(new URL("worker.ts", import.meta.url), {
    type: "module",
  });
  const ask = (question: Question): Promise<Answer> =>
    new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(`The server's thread failed: ${event.message}`));
      };
      worker.postMessage(question);
    });
  const { url = "", apiKey = "" } = await ask({ ask: "start", dataDir });
  return {
    url,
    apiKey,
    stats: async () =>
      (await ask({ ask: "stats" })).stats ??
        { requests: 0, receivedBodyBytes: 0 },
    shutdown: async () => {
      await ask({ ask: "stop" });
      worker.terminate();
    },
  };
}
