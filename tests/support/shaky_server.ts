import { createHash } from "node:crypto";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { createHandler, type HandlerOptions } from "../../src/server/mod.ts";
import { type FaultyServer, startFaultyServer } from "./faulty_server.ts";
import { tempDir } from "./temp_dir.ts";

/** The package's own server behind a socket that misbehaves as told, and a way to look into it beside the socket. */
export interface ShakyServer extends AsyncDisposable {
  /** The socket. */
  readonly faulty: FaultyServer;
  /** The API key of the user `demo`. */
  readonly apiKey: string;
  /** A client that does not go through the socket. */
  readonly client: AIStoreClient;
  /** The content of a t9k config file that leads here. */
  readonly config: string;
}

/**
 * Starts a server for one test: `await using server = await startShakyServer()`.
 *
 * @param options How the server is made. Default: with a data folder of its own, which is gone afterwards.
 */
export async function startShakyServer(
  options: Partial<HandlerOptions> = {},
): Promise<ShakyServer> {
  const dir = tempDir();
  const dataDir = join(dir.path, "data");
  const handler = createHandler({ dataDir, ...options });
  const faulty = await startFaultyServer({ handler: handler.handle });
  const apiKey = handler.firstStart?.apiKey ?? "";
  return {
    faulty,
    apiKey,
    client: new AIStoreClient({
      host: faulty.url,
      apiKey,
      fetch: (input, init) => handler.handle(new Request(input, init)),
    }),
    config: configFor(faulty.url, apiKey),
    async [Symbol.asyncDispose]() {
      await faulty[Symbol.asyncDispose]();
      handler[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

/** The content of a t9k config file that leads to a server. */
export function configFor(url: string, apiKey: string): string {
  const { origin, pathname } = new URL(url);
  return `current-context: test\ncontexts:\n- name: test\n  server: ${origin}\n` +
    `  prefixes: {aistore: ${pathname}}\n  auth: {apikey: ${apiKey}}\n`;
}

/** The checksums of a node's objects, by their keys; none if there is no such node. */
export async function checksumsOf(
  client: AIStoreClient,
  nodePath: string,
): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  if (await client.node(nodePath) === undefined) return found;
  for await (const { path } of client.listObjects(nodePath)) {
    const object = await client.getObject(`${nodePath}/${path}`);
    found[path] = checksum(await new Response(object).bytes());
  }
  return found;
}

/** The checksums of the regular files below a directory, by their paths. */
export function localChecksums(dir: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (below: string) => {
    for (const entry of Deno.readDirSync(join(dir, below))) {
      const path = below + entry.name;
      if (entry.isDirectory) walk(`${path}/`);
      else if (entry.isFile) {
        found[path] = checksum(Deno.readFileSync(join(dir, path)));
      }
    }
  };
  walk("");
  return found;
}

function checksum(bytes: Uint8Array): string {
  return `${bytes.length} ${createHash("sha256").update(bytes).digest("hex")}`;
}
