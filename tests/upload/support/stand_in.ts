import { createHash } from "node:crypto";
import type {
  AIStoreNode,
  CreateNodeBody,
} from "../../../src/aistore/protocol.ts";

/** The API key that the stand-in knows. */
export const API_KEY = "e4ccd2a3-3425-44b0-8b44-148bd303a0f9";

/** What a test may do to a request before the stand-in sees it. */
export type Intercept = (
  call: SeenCall,
) => Response | undefined | Promise<Response | undefined>;

/** A request as a test sees it. */
export interface SeenCall {
  readonly method: string;
  /** The path below the host. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: Request;
}

/** An AIStore in memory, strict about what the protocol asks, that fails on demand. */
export class StandIn implements AsyncDisposable {
  readonly nodes = new Map<string, AIStoreNode>();
  readonly objects = new Map<string, Uint8Array>();
  /** `METHOD path first-query-value`, one for each request that was not intercepted. */
  readonly log: string[] = [];
  /** Bytes of object contents that arrived. */
  receivedBytes = 0;
  /** May answer in the stand-in's place. */
  intercept: Intercept = () => undefined;
  readonly #parts = new Map<string, Uint8Array[]>();
  #server: Deno.HttpServer<Deno.NetAddr> | undefined;
  #port: number;

  constructor(port = 0) {
    this.#port = port;
    this.add("/demo", "Folder");
    this.up();
  }

  /** The address to log in to. */
  get host(): string {
    return `http://127.0.0.1:${this.#port}/t9k/aistore/server`;
  }

  /** Starts to listen, on the port it had before. */
  up(): void {
    this.#server = Deno.serve(
      {
        port: this.#port,
        hostname: "127.0.0.1",
        onListen() {},
        onError: () => text(500, "the stand-in failed"),
      },
      (request) => this.#handle(request),
    );
    this.#port = this.#server.addr.port;
  }

  /** Stops to listen: connections are refused. */
  async down(): Promise<void> {
    await this.#server?.shutdown();
    this.#server = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  /** Puts a node there without a request. */
  add(path: string, type: string, extra = ""): AIStoreNode {
    const node: AIStoreNode = {
      description: "",
      editor: "demo",
      extra,
      id: crypto.randomUUID(),
      labels: [],
      modifiedTimestamp: "2026-11-23T08:05:24.390002Z",
      name: path.slice(path.lastIndexOf("/") + 1),
      path,
      permission: "own",
      storageType: type === "Folder" ? 0 : 2,
      type,
    };
    this.nodes.set(path, node);
    return node;
  }

  /** An object as text, or undefined. */
  text(path: string): string | undefined {
    const bytes = this.objects.get(path);
    return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
  }

  async #handle(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const path = url.pathname.replace(/^\/t9k\/aistore\/server/, "");
    const query = url.searchParams;
    const call: SeenCall = { method: request.method, path, query, request };
    const early = await this.intercept(call);
    const response = early ?? await this.#answer(call);
    if (!request.bodyUsed) await request.body?.cancel();
    return response;
  }

  async #answer(call: SeenCall): Promise<Response> {
    const { method, path, query, request } = call;
    const names = [...query.keys()];
    if (names.at(-1) !== "apikey") {
      return text(500, "apikey must be the last in the query");
    }
    if (query.get("apikey") !== API_KEY) {
      return text(400, `api key ${query.get("apikey")} not found\n`);
    }
    if (request.headers.get("transfer-encoding") !== null) {
      return text(411, "Length Required");
    }
    this.log.push(
      `${method} ${path} ${names.length > 1 ? [...query.values()][0] : ""}`
        .trim(),
    );
    switch (`${method} ${path.replace(/\/multipart\/.+$/, "/multipart/*")}`) {
      case "GET /oauth2/userinfo":
        return Response.json({ preferred_username: "demo" });
      case "GET /apis/v1/nodes":
        return this.#page(
          query,
          [...this.nodes.values()].filter((n) =>
            parent(n.path) === query.get("parent")
          ),
        );
      case "POST /apis/v1/nodes":
        return this.#create(await request.json());
      case "DELETE /apis/v1/nodes":
        return this.#delete((await request.json()).node);
      case "PUT /apis/v1/nodes":
        return this.#update(await request.json());
      case "GET /apis/v1/nodes/info":
        return this.#info(query.get("node") ?? "");
      case "POST /apis/v1/objects":
        return this.#put(query.get("path") ?? "", await content(request));
      case "GET /apis/v1/objects":
        return new Response(this.objects.get(query.get("path") ?? "")?.slice());
      case "GET /apis/v1/objects/ls":
        return this.#page(query, this.#records(query.get("path") ?? ""));
      case "POST /apis/v1/objects/multipart":
        this.#parts.set("up 1", []);
        return Response.json({ uploadId: "up 1" });
      case "PUT /apis/v1/objects/multipart/*":
        (this.#parts.get("up 1") ?? [])[Number(query.get("partNumber")) - 1] =
          await content(request);
        return Response.json({ eTag: `e${query.get("partNumber")}` });
      case "POST /apis/v1/objects/multipart/*": {
        const bytes = await new Blob(
          this.#parts.get("up 1") as Uint8Array<ArrayBuffer>[],
        ).bytes();
        return this.#put(query.get("path") ?? "", bytes);
      }
      case "DELETE /apis/v1/objects/multipart/*":
        this.#parts.delete("up 1");
        return new Response(null, { status: 204 });
      case "GET /apis/v1/graphs":
        return Response.json({ in: [], out: [] });
      case "POST /apis/v1/graphs":
        return Response.json({});
    }
    return new Response(null, { status: 404 });
  }

  #create(body: CreateNodeBody): Response {
    if (!this.nodes.has(body.parent)) {
      return text(404, `node not found [${body.parent}]`);
    }
    const path = `${body.parent}/${body.name}`;
    if (this.nodes.has(path)) {
      return text(400, `Invalid conflicting node Name: ${body.name}`);
    }
    const { labels, description } = body;
    const node = {
      ...this.add(path, body.type, body.extra),
      labels,
      description,
    };
    this.nodes.set(path, node);
    return Response.json(node);
  }

  #update(body: { node: string } & Partial<AIStoreNode>): Response {
    const { node: path, ...change } = body;
    const node = this.nodes.get(path);
    if (node === undefined) return text(404, `node not found [${path}]`);
    this.nodes.set(path, { ...node, ...change });
    return text(200, "");
  }

  #delete(path: string): Response {
    for (const map of [this.nodes, this.objects]) {
      for (const key of map.keys()) {
        if (key === path || key.startsWith(`${path}/`)) map.delete(key);
      }
    }
    return text(200, "");
  }

  #info(wanted: string): Response {
    const node = this.nodes.get(wanted) ??
      [...this.nodes.values()].find(({ id }) => id === wanted);
    return node === undefined
      ? text(404, `node not found [${wanted}]`)
      : Response.json(node);
  }

  #put(path: string, bytes: Uint8Array): Response {
    const owner = [...this.nodes.values()].find((node) =>
      node.storageType === 2 && path.startsWith(`${node.path}/`)
    );
    if (owner === undefined) {
      return text(404, `node not found [${parent(path)}]`);
    }
    this.receivedBytes += bytes.length;
    this.objects.set(path, bytes);
    return Response.json({});
  }

  #records(node: string): unknown[] {
    return [...this.objects].filter(([path]) => path.startsWith(`${node}/`))
      .map(([path, bytes]) => ({
        path: path.slice(node.length + 1),
        path_type: "object",
        size_bytes: bytes.length,
        checksum: createHash("md5").update(bytes).digest("hex"),
      }));
  }

  #page(query: URLSearchParams, all: readonly unknown[]): Response {
    const size = Number(query.get("size") ?? 10);
    const page = Number(query.get("page") ?? 1);
    const data = all.slice((page - 1) * size, page * size);
    return Response.json({
      pagination: { page, size, total: all.length },
      data: data.length === 0 ? null : data,
    });
  }
}

function text(status: number, body: string): Response {
  return new Response(body, { status });
}

function parent(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

async function content(request: Request): Promise<Uint8Array> {
  const form = await request.formData();
  const file = form.get("content");
  if (!(file instanceof File)) {
    throw new TypeError("the form has no file named content");
  }
  return await file.bytes();
}
