import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { type RunningServer, startServer } from "../../src/server/mod.ts";
import { tempDir } from "./temp_dir.ts";

/** A real server on a socket, with an empty store of its own. */
export interface TestServer extends AsyncDisposable {
  /** The address to log in to. */
  readonly url: string;
  /** The API key of the user `demo`. */
  readonly apiKey: string;
  /** Where it keeps its data. */
  readonly dataDir: string;
  /** A client of the server. */
  readonly client: AIStoreClient;
  /** The server. */
  readonly server: RunningServer;
  /** The content of a t9k config file that leads here. */
  readonly config: string;
  /** The objects of a node, by their keys; none if there is no such node. */
  objects(nodePath: string): Promise<Map<string, string>>;
}

/** Starts a server for one test: `await using server = await startTestServer()`. */
export async function startTestServer(): Promise<TestServer> {
  const dir = tempDir();
  const dataDir = join(dir.path, "data");
  const server = await startServer({ dataDir, port: 0 });
  const apiKey = server.firstStart?.apiKey ?? "";
  const client = new AIStoreClient({ host: server.url, apiKey });
  const { origin, pathname } = new URL(server.url);
  return {
    url: server.url,
    apiKey,
    dataDir,
    client,
    server,
    config:
      `current-context: test\ncontexts:\n- name: test\n  server: ${origin}\n` +
      `  prefixes: {aistore: ${pathname}}\n  auth: {apikey: ${apiKey}}\n`,
    async objects(nodePath) {
      const found = new Map<string, string>();
      if (await client.node(nodePath) === undefined) return found;
      for await (const { path } of client.listObjects(nodePath)) {
        const object = await client.getObject(`${nodePath}/${path}`);
        found.set(path, await new Response(object).text());
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      dir[Symbol.dispose]();
    },
  };
}

/** The files of a directory, by their paths below it. */
export function filesOf(dir: string, below = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of Deno.readDirSync(join(dir, below))) {
    const path = below + entry.name;
    if (entry.isDirectory) {
      filesOf(dir, `${path}/`).forEach((text, file) => found.set(file, text));
    } else found.set(path, Deno.readTextFileSync(join(dir, path)));
  }
  return found;
}
