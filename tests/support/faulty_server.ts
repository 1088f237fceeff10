/**
 * A real server that misbehaves as told, for what a healthy one cannot show.
 *
 * It listens on a real socket in front of any `(Request) => Promise<Response>`. For each request a script may name a
 * fault; where it names none, the request goes through to the handler.
 *
 * ```ts
 * using server = createHandler({ dataDir });
 * await using faulty = await startFaultyServer({
 *   handler: server.handle,
 *   // The first upload of an object is refused, everything else works.
 *   script: once(
 *     (request) => request.method === "POST" && request.path === "/apis/v1/objects",
 *     { kind: "answer", status: 503, headers: { "retry-after": "1" } },
 *   ),
 * });
 * await login({ host: faulty.url, apiKey: server.firstStart.apiKey });
 * await faulty.down(); // connections break, new ones are refused
 * await faulty.up(); // same port
 * ```
 *
 * Mind that `fetch` itself sends a request once more when a kept-alive connection is reset before an answer; count
 * with {@linkcode FaultyServer.requests} what really arrived.
 *
 * @module
 */

import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { SERVER_PREFIX } from "../../src/aistore/protocol.ts";

/** What goes wrong with one request. */
export type Fault =
  /** An answer that the handler did not give. The body is read first unless `readBody` is false. */
  | {
    readonly kind: "answer";
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly readBody?: boolean;
  }
  /**
   * The connection is reset: before the body is read, after its first chunk, after all of it, after the handler has
   * done its work (so that only the answer is lost), or within the answer's body.
   */
  | {
    readonly kind: "reset";
    readonly when:
      | "before-body"
      | "mid-body"
      | "after-body"
      | "after-handling"
      | "mid-answer";
  }
  /** No answer until the server goes down or is closed; with `handled`, after the handler has done its work. */
  | { readonly kind: "hang"; readonly handled?: boolean }
  /** The handler gets the request this much later. */
  | { readonly kind: "delay"; readonly ms: number }
  /** The handler's answer with the last byte of its body changed. */
  | { readonly kind: "corrupt" };

/** A request as a script sees it. */
export interface RequestInfo {
  /** Such as `POST`. */
  readonly method: string;
  /** The path below the server's prefix, such as `/apis/v1/nodes`. */
  readonly path: string;
  /** The query without the API key, decoded. */
  readonly query: URLSearchParams;
  /** How many requests came before. */
  readonly index: number;
}

/** A request that arrived. */
export interface RequestRecord extends RequestInfo {
  /** The fault that was named for it. */
  readonly fault: Fault | undefined;
  /** Body bytes that were read. */
  bodyBytes: number;
  /** The status that was sent, once it was. */
  status: number | undefined;
}

/** Names the fault of a request, or none. */
export type Script = (request: RequestInfo) => Fault | undefined;

/** How to start a {@linkcode FaultyServer}. */
export interface FaultyServerOptions {
  /** Answers the requests for which there is no fault. */
  readonly handler: (request: Request) => Promise<Response>;
  /** Names faults. Default: none; see also {@linkcode FaultyServer.script}. */
  readonly script?: Script;
}

/** A server that misbehaves. */
export interface FaultyServer extends AsyncDisposable {
  /** The address to log in to. */
  readonly url: string;
  /** The port, the same each time the server comes up. */
  readonly port: number;
  /** Names faults; may be changed at any time. */
  script: Script;
  /** Every request that arrived, in order. */
  readonly requests: readonly RequestRecord[];
  /** Body bytes of all requests. */
  readonly bodyBytes: number;
  /** Breaks all connections and refuses new ones. */
  down(): Promise<void>;
  /** Listens again. */
  up(): Promise<void>;
}

/**
 * A script with one fault.
 *
 * @param matches Which request it is for.
 * @param fault The fault.
 * @param times For how many such requests. Default: 1.
 * @returns The script.
 */
export function once(
  matches: (request: RequestInfo) => boolean,
  fault: Fault,
  times = 1,
): Script {
  let left = times;
  return (request) =>
    left > 0 && matches(request) && left-- ? fault : undefined;
}

/**
 * Starts a server on a free port of 127.0.0.1.
 *
 * @param options The handler behind it, and the script.
 * @returns The server.
 */
export async function startFaultyServer(
  options: FaultyServerOptions,
): Promise<FaultyServer> {
  const requests: RequestRecord[] = [];
  const sockets = new Set<Socket>();
  const running = new Set<Promise<void>>();
  let downs = new AbortController();

  const http = createServer((incoming, outgoing) => {
    const request = record(incoming, faulty.script, requests);
    const task = serve({ incoming, outgoing, request, downs, options })
      // Broken connections are what this server is for.
      .catch(() => {
        outgoing.destroy();
      });
    running.add(task);
    task.finally(() => running.delete(task));
  });
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
  });

  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      http.once("error", reject);
      http.listen(port, "127.0.0.1", () => {
        http.off("error", reject);
        resolve();
      });
    });

  await listen(0);
  const { port } = http.address() as AddressInfo;
  const faulty: FaultyServer = {
    url: `http://127.0.0.1:${port}${SERVER_PREFIX}`,
    port,
    script: options.script ?? (() => undefined),
    requests,
    get bodyBytes() {
      return requests.reduce((sum, request) => sum + request.bodyBytes, 0);
    },
    async down() {
      if (!http.listening) return;
      const closed = new Promise((resolve) => http.close(resolve));
      downs.abort();
      for (const socket of sockets) socket.destroy();
      await closed;
      await Promise.all(running);
    },
    async up() {
      if (http.listening) return;
      downs = new AbortController();
      await listen(port);
    },
    [Symbol.asyncDispose]: () => faulty.down(),
  };
  return faulty;
}

interface Exchange {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly request: RequestRecord;
  readonly downs: AbortController;
  readonly options: FaultyServerOptions;
}

function record(
  incoming: IncomingMessage,
  script: Script,
  requests: RequestRecord[],
): RequestRecord {
  const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
  url.searchParams.delete("apikey");
  const info: RequestInfo = {
    method: incoming.method ?? "GET",
    path: url.pathname.replace(SERVER_PREFIX, ""),
    query: url.searchParams,
    index: requests.length,
  };
  const request = {
    ...info,
    fault: script(info),
    bodyBytes: 0,
    status: undefined,
  };
  requests.push(request);
  return request;
}

async function serve(exchange: Exchange): Promise<void> {
  const { incoming, outgoing, request, downs, options } = exchange;
  const { fault } = request;
  const reset = () => {
    (incoming.socket as Socket).resetAndDestroy();
  };
  const body = countedBody(exchange);
  if (fault?.kind === "reset" && fault.when === "before-body") return reset();
  if (fault?.kind === "reset" && fault.when === "mid-body") {
    await body.next();
    return reset();
  }
  if (fault?.kind === "reset" && fault.when === "after-body") {
    await drain(body);
    return reset();
  }
  if (fault?.kind === "hang" && !fault.handled) return await aborted(downs);
  if (fault?.kind === "answer") {
    if (fault.readBody !== false) await drain(body);
    request.status = fault.status;
    outgoing.writeHead(fault.status, fault.headers);
    outgoing.end(fault.body);
    return;
  }
  if (fault?.kind === "delay") await delayed(fault.ms, downs);

  const response = await options.handler(asRequest(incoming, body));
  if (fault?.kind === "hang") {
    await response.body?.cancel();
    return await aborted(downs);
  }
  if (fault?.kind === "reset" && fault.when === "after-handling") {
    await response.body?.cancel();
    return reset();
  }
  request.status = response.status;
  outgoing.writeHead(response.status, [...response.headers].flat());
  await sendBody(response, exchange);
}

/** Sends a body; of a faulty one the last byte is changed, or only half arrives. */
async function sendBody(
  response: Response,
  { incoming, outgoing, downs, request: { fault } }: Exchange,
): Promise<void> {
  if (fault?.kind === "corrupt" || fault?.kind === "reset") {
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (fault.kind === "reset") {
      outgoing.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => {
        (incoming.socket as Socket).resetAndDestroy();
      });
      return;
    }
    const last = bytes.at(-1);
    if (last !== undefined) bytes[bytes.length - 1] = last ^ 1;
    outgoing.end(bytes);
    return;
  }
  // On a connection that is closed already the event does not come.
  const over = Promise.race([
    new Promise<void>((resolve) => outgoing.once("close", resolve)),
    aborted(downs),
  ]);
  for await (const chunk of response.body ?? []) {
    if (!outgoing.write(chunk)) {
      const drained = new Promise<void>((resolve) =>
        outgoing.once("drain", resolve)
      );
      await Promise.race([drained, over]);
    }
    if (outgoing.destroyed || downs.signal.aborted) break;
  }
  outgoing.end();
}

async function* countedBody(
  { incoming, request }: Exchange,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of incoming) {
    request.bodyBytes += chunk.length;
    yield chunk;
  }
}

async function drain(body: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of body);
}

function asRequest(
  incoming: IncomingMessage,
  body: AsyncIterable<Uint8Array>,
): Request {
  const hasBody = incoming.headers["content-length"] !== undefined ||
    incoming.headers["transfer-encoding"] !== undefined;
  return new Request(`http://${incoming.headers.host}${incoming.url}`, {
    method: incoming.method ?? "GET",
    headers: Object.entries(incoming.headers).map((
      [name, value],
    ): [string, string] => [name, String(value)]),
    body: hasBody && incoming.method !== "GET"
      ? ReadableStream.from(body) as ReadableStream<Uint8Array<ArrayBuffer>>
      : null,
  });
}

function aborted(downs: AbortController): Promise<void> {
  return new Promise((resolve) => {
    if (downs.signal.aborted) resolve();
    downs.signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

async function delayed(ms: number, downs: AbortController): Promise<void> {
  const over = Promise.withResolvers<void>();
  const timer = setTimeout(over.resolve, ms);
  await Promise.race([over.promise, aborted(downs)]);
  clearTimeout(timer);
}
