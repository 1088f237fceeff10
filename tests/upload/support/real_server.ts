import { AIStoreClient } from "../../../src/aistore/client.ts";
import { type RunningServer, startServer } from "../../../src/server/mod.ts";
import type { Target } from "../../../src/upload/types.ts";

/** The package's own server, with a data folder that is removed at the end. */
export class RealServer implements AsyncDisposable {
  readonly client: AIStoreClient;
  readonly target: Target;
  readonly #server: RunningServer;
  readonly #dataDir: string;

  private constructor(server: RunningServer, dataDir: string) {
    this.#server = server;
    this.#dataDir = dataDir;
    this.target = { host: server.url, apiKey: server.firstStart?.apiKey ?? "" };
    this.client = new AIStoreClient(this.target);
  }

  static async start(): Promise<RealServer> {
    const dataDir = await Deno.makeTempDir({ prefix: "em_server_" });
    return new RealServer(await startServer({ dataDir, port: 0 }), dataDir);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await Deno.remove(this.#dataDir, { recursive: true });
  }

  /** Makes a node; its id. */
  async add(path: string, type: string, extra = ""): Promise<string> {
    const at = path.lastIndexOf("/");
    const result = await this.client.createNode({
      parent: path.slice(0, at),
      name: path.slice(at + 1),
      labels: [],
      description: "",
      type,
      extra,
    });
    if (result.state !== "created") {
      throw new Error(`"${path}": ${result.state}`);
    }
    return result.id;
  }

  /** A node's objects by key. */
  async objects(node: string): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for await (const { path } of this.client.listObjects(node)) {
      found.set(
        path,
        await new Response(await this.client.getObject(`${node}/${path}`))
          .bytes(),
      );
    }
    return found;
  }
}
