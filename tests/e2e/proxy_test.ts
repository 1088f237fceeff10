import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { SERVER_PREFIX } from "../../src/aistore/protocol.ts";
import { createHandler } from "../../src/server/mod.ts";
import { makeCertificate } from "../support/certificate.ts";
import {
  type ForwardProxy,
  startForwardProxy,
} from "../support/forward_proxy.ts";
import { ROOT, runScript, type ScriptOptions } from "../support/script.ts";
import {
  checksumsOf,
  localChecksums,
  type ShakyServer,
  startShakyServer,
} from "../support/shaky_server.ts";
import { onlyRun } from "../support/script.ts";
import { tempDir } from "../support/temp_dir.ts";
import { AIStoreClient } from "../../src/aistore/client.ts";

/** A name that only the proxy knows. */
const HOST = "tracker.invalid";
const LARGE = 3 * 1024 * 1024;

/** A run with small files and one that is sent as it is read, which grows by as much again. */
const SCRIPT = `
  import { createRun, login } from "@t9k/em";
  const [host, apiKey, size] = Deno.args;
  await login({ host, apiKey });
  const run = await createRun({ name: "far", autoUpload: true });
  run.log("train", { loss: 1 }, { step: 1 });
  const bytes = Uint8Array.from({ length: Number(size) }, (_, at) => at % 251);
  Deno.writeFileSync(run.local + "/weights.bin", bytes);
  await run.flush();
  Deno.writeFileSync(run.local + "/weights.bin", bytes, { append: true });
  const { upload } = await run.finish();
  console.log(upload.state, JSON.stringify(upload.pending));
`;

async function deliver(
  host: string,
  apiKey: string,
  options: ScriptOptions,
): Promise<void> {
  const { code, stdout, stderr } = await runScript(SCRIPT, {
    ...options,
    args: [host, apiKey, `${LARGE}`],
  });
  assertEquals([code, stdout], [0, "complete []\n"], stderr);
}

async function assertArrived(server: ShakyServer, dir: string): Promise<void> {
  assertEquals(
    await checksumsOf(server.client, "/demo/default/far"),
    localChecksums(onlyRun(dir)),
  );
}

/** The bodies that are sent as they are read. */
function largeOnes({ requests }: ForwardProxy) {
  return requests.filter(({ contentLength = 0, isChunked }) =>
    isChunked || contentLength >= LARGE
  ).map(({ method, isChunked }) => [method, isChunked]);
}

Deno.test("behind HTTP_PROXY everything goes through it, large files with their length, and arrives whole", async () => {
  await using server = await startShakyServer();
  await using proxy = startForwardProxy(server.faulty.port);
  using dir = tempDir();
  await deliver(`http://${HOST}${SERVER_PREFIX}`, server.apiKey, {
    dir: dir.path,
    env: { HTTP_PROXY: proxy.url, NO_PROXY: "elsewhere.example.com" },
  });
  await assertArrived(server, dir.path);
  assertEquals(largeOnes(proxy), [["POST", false], ["PATCH", false]]);
  assertEquals(proxy.requests.length, server.faulty.requests.length);
});

Deno.test("a script that may not read HTTP_PROXY, nor reach it by itself, gets large files through it as well", async () => {
  await using server = await startShakyServer();
  await using proxy = startForwardProxy(server.faulty.port);
  using dir = tempDir();
  await deliver(`http://${HOST}${SERVER_PREFIX}`, server.apiKey, {
    dir: dir.path,
    env: { HTTP_PROXY: proxy.url },
    flags: [
      "--allow-read=.em",
      "--allow-write=.em",
      `--allow-read=${ROOT.pathname}`,
      `--allow-net=${HOST}:80`,
    ],
  });
  await assertArrived(server, dir.path);
  assertEquals(largeOnes(proxy), [["POST", false], ["PATCH", false]]);
});

Deno.test("a host in NO_PROXY is reached straight", async () => {
  await using server = await startShakyServer();
  await using proxy = startForwardProxy(server.faulty.port);
  using dir = tempDir();
  await deliver(server.faulty.url, server.apiKey, {
    dir: dir.path,
    env: { HTTP_PROXY: proxy.url, NO_PROXY: "127.0.0.1" },
  });
  await assertArrived(server, dir.path);
  assertEquals(proxy.requests, []);
});

Deno.test("behind HTTPS_PROXY a server with TLS is reached through tunnels", async () => {
  using dir = tempDir();
  const { cert, key } = await makeCertificate();
  const trusted = join(dir.path, "cert.pem");
  Deno.writeTextFileSync(trusted, cert);
  const handler = createHandler({ dataDir: join(dir.path, "data") });
  const lengths: number[] = [];
  const listener = Deno.serve({
    hostname: "127.0.0.1",
    port: 0,
    cert,
    key,
    onListen: () => {},
  }, (request) => {
    lengths.push(Number(request.headers.get("content-length") ?? 0));
    return handler.handle(request);
  });
  await using proxy = startForwardProxy(listener.addr.port);
  const apiKey = handler.firstStart?.apiKey ?? "";
  // Only the proxy knows the port.
  const host = `https://localhost:4443${SERVER_PREFIX}`;
  try {
    await deliver(host, apiKey, {
      dir: dir.path,
      env: {
        HTTPS_PROXY: proxy.url,
        NO_PROXY: "",
        DENO_CERT: trusted,
        // Deno asks for new versions of itself through the proxy, too.
        DENO_NO_UPDATE_CHECK: "1",
      },
    });
    const client = new AIStoreClient({
      host,
      apiKey,
      fetch: (input, init) => handler.handle(new Request(input, init)),
    });
    assertEquals(
      await checksumsOf(client, "/demo/default/far"),
      localChecksums(onlyRun(dir.path)),
    );
  } finally {
    await listener.shutdown();
    handler[Symbol.dispose]();
  }
  assertEquals(
    new Set(proxy.requests.map(({ method, host }) => `${method} ${host}`)),
    new Set(["CONNECT localhost:4443"]),
  );
  assert(lengths.some((length) => length >= LARGE), `${lengths}`);
});
