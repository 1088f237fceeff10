import { join } from "@std/path";
import {
  type RunningServer,
  type ServerOptions,
  startServer,
} from "../../../src/server/mod.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { form } from "../support/fixture.ts";

/** A server with a run `/demo/run`, and its files. */
export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly apiKey: string;
  readonly dir: string;
  /** Sends a request below the protocol's prefix, with the key. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

export async function start(
  options: Partial<ServerOptions> = {},
): Promise<TestServer> {
  const dir = tempDir();
  const server = await startServer({
    dataDir: join(dir.path, "data"),
    port: 0,
    ...options,
  });
  const apiKey = server.firstStart?.apiKey ?? "";
  const test: TestServer = {
    server,
    apiKey,
    dir: dir.path,
    send(path, init) {
      const joint = path.includes("?") ? "&" : "?";
      return fetch(`${server.url}${path}${joint}apikey=${apiKey}`, init);
    },
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      dir[Symbol.dispose]();
    },
  };
  await text(test.send("/apis/v1/nodes", {
    method: "POST",
    body: JSON.stringify({ parent: "/demo", name: "run", type: "Run" }),
  }));
  return test;
}

export async function text(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  return `${response.status} ${await response.text()}`;
}

export function put(test: TestServer, key: string, content: BlobPart) {
  return text(test.send(`/apis/v1/objects?path=/demo/run/${key}`, {
    method: "POST",
    body: form(content),
  }));
}

/** Sends bytes over a connection of its own. */
export async function connect(
  port: number,
  head: string,
): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(head));
  return conn;
}

export const PREFIX = "/t9k/aistore/server";

/** The metrics as numbers by sample. */
export async function metrics(port: number): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const cut = line.lastIndexOf(" ");
    return [line.slice(0, cut), Number(line.slice(cut + 1))];
  }));
}
