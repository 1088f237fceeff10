/** A real server that names other checksums than it would, as storages do. */

import { createHash } from "node:crypto";
import { join } from "@std/path";
import { createHandler } from "../../src/server/mod.ts";
import { type FaultyServer, startFaultyServer } from "./faulty_server.ts";
import { configFor } from "./shaky_server.ts";
import { tempDir } from "./temp_dir.ts";

/** A server, and who has logged in to it. */
export interface NamingServer extends AsyncDisposable {
  /** What arrives there. */
  readonly server: FaultyServer;
  /** What it lists as the checksums of objects, by their keys. Those of others are as ever. */
  readonly named: Map<string, string>;
  /** A directory for whatever is needed. */
  readonly dir: string;
  /** The environment of who is logged in. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Starts such a server.
 *
 * @returns The server; nothing is left of it when it is disposed.
 */
export async function startNamingServer(): Promise<NamingServer> {
  const dir = tempDir();
  const handler = createHandler({ dataDir: join(dir.path, "data") });
  const named = new Map<string, string>();
  const server = await startFaultyServer({
    async handler(request) {
      request.headers.delete("accept-encoding");
      const answer = await handler.handle(request);
      if (!new URL(request.url).pathname.endsWith("/objects/ls")) return answer;
      const listing = await answer.json();
      for (const object of listing.data ?? []) {
        object.checksum = named.get(object.path) ?? object.checksum;
      }
      return Response.json(listing);
    },
  });
  const config = join(dir.path, "t9k.yaml");
  const apiKey = handler.firstStart?.apiKey ?? "";
  Deno.writeTextFileSync(config, configFor(server.url, apiKey));
  return {
    server,
    named,
    dir: dir.path,
    env: { T9K_CONFIG: config },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      handler[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

/**
 * The checksum that S3 gives to an object that came in parts.
 *
 * @param bytes The object.
 * @param size The size of every part but the last, in bytes.
 * @returns Such as `<32 digits>-3`.
 */
export function inParts(bytes: Uint8Array, size: number): string {
  const all = createHash("md5");
  let count = 0;
  for (let at = 0; at < bytes.length; at += size, count++) {
    const part = bytes.subarray(at, at + size);
    all.update(createHash("md5").update(part).digest());
  }
  return `${all.digest("hex")}-${count}`;
}
