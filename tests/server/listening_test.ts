import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { webUrl } from "../../src/aistore/protocol.ts";
import { createReporter } from "../../src/reporter.ts";
import { FAILED_KEYS_BURST } from "../../src/server/limits.ts";
import { ListenError, startServer } from "../../src/server/mod.ts";
import { makeCertificate } from "../support/certificate.ts";
import { startReverseProxy } from "../support/reverse_proxy.ts";
import { tempDir } from "../support/temp_dir.ts";
import { form } from "./support/fixture.ts";

const RUN = {
  parent: "/demo",
  name: "run",
  labels: [],
  description: "",
  type: "Run",
  extra: "{}",
} as const;

Deno.test("with a certificate the server speaks HTTPS, whole uploads included, and no plain HTTP", async () => {
  using dir = tempDir();
  const tls = await makeCertificate();
  await using server = await startServer({ dataDir: dir.path, port: 0, tls });
  assertEquals(
    server.url,
    `https://127.0.0.1:${server.port}/t9k/aistore/server`,
  );
  const apikey = server.firstStart?.apiKey ?? "";
  using client = Deno.createHttpClient({ caCerts: [tls.cert] });
  const ask = (method: string, path: string, body?: BodyInit, query = {}) =>
    fetch(
      `${server.url}${path}?${new URLSearchParams({ ...query, apikey })}`,
      { client, method, body: body ?? null },
    );
  const made = await ask("POST", "/apis/v1/nodes", JSON.stringify(RUN));
  assertEquals(made.status, 201);
  await made.body?.cancel();
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  const path = { path: "/demo/run/x" };
  const put = await ask("POST", "/apis/v1/objects", form(content), path);
  assertEquals(put.status, 201);
  await put.body?.cancel();
  const got = await ask("GET", "/apis/v1/objects", undefined, path);
  assertEquals(new Uint8Array(await got.arrayBuffer()), content);

  const origin = new URL(server.url).origin;
  const signedIn = await fetch(`${origin}/t9k/em/web/session`, {
    client,
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apiKey: apikey }),
  });
  await signedIn.body?.cancel();
  const setCookie = signedIn.headers.get("set-cookie") ?? "";
  assert(setCookie.endsWith("; Secure"));
  const cookie = setCookie.split(";")[0] ?? "";
  // Whatever version of HTTP they agree on, and from a browser that sends no Sec-Fetch-Site.
  for (const http2 of [true, false]) {
    using browser = Deno.createHttpClient({ caCerts: [tls.cert], http2 });
    for (const [from, status] of [[origin, 201], ["https://evil", 403]]) {
      const answer = await fetch(`${server.url}/apis/v1/nodes`, {
        client: browser,
        method: "POST",
        headers: { cookie, origin: String(from) },
        body: JSON.stringify({ ...RUN, name: `by-cookie-${http2}` }),
      });
      assertEquals(answer.status, status, await answer.text());
    }
  }

  await assertRejects(() => fetch(server.url.replace("https:", "http:")));
  await assertRejects(() => fetch(server.url), TypeError);
});

Deno.test("a certificate that cannot be used is said when the server starts, and leaves no first user behind", async () => {
  using dir = tempDir();
  const { cert } = await makeCertificate();
  const { key } = await makeCertificate();
  const start = (tls?: { cert: string; key: string }) =>
    startServer({ dataDir: dir.path, port: 0, tls });
  await assertRejects(() => start({ cert, key }), ListenError, "KeyMismatch");
  await assertRejects(() => start({ cert: "x", key }), ListenError);
  await assertRejects(() => start({ cert, key: "x" }), ListenError);
  await using server = await start();
  assert(server.firstStart !== undefined);
});

Deno.test("behind a proxy with a path prefix all addresses hold, whether the proxy takes the prefix away or leaves it", async () => {
  for (const strip of [true, false]) {
    using dir = tempDir();
    const prefix = "/lab/em";
    // The proxy's port must be known to the server, and the server's to the proxy.
    let target = "";
    await using front = startReverseProxy({
      target: () => target,
      prefix,
      strip,
    });
    const publicUrl = `${front.origin}${prefix}`;
    await using server = await startServer({
      dataDir: dir.path,
      port: 0,
      publicUrl: `${publicUrl}/`,
    });
    target = new URL(server.localUrl).origin;
    assertEquals(server.url, `${publicUrl}/t9k/aistore/server`);
    assertEquals(
      server.localUrl,
      `http://127.0.0.1:${server.port}/t9k/aistore/server`,
    );
    const apiKey = server.firstStart?.apiKey ?? "";
    const client = new AIStoreClient({ host: server.url, apiKey });
    await client.createNode(RUN);
    const node = await client.node("/demo/run");
    const body = form("through the proxy");
    const query = new URLSearchParams({ path: "/demo/run/x", apikey: apiKey });
    const put = await fetch(`${server.url}/apis/v1/objects?${query}`, {
      method: "POST",
      body,
    });
    assertEquals(put.status, 201, await put.text());
    assertEquals(
      await new Response(await client.getObject("/demo/run/x")).text(),
      "through the proxy",
    );

    // The address that clients print of what they have uploaded.
    const page = new URL(webUrl(server.url, node?.id ?? ""));
    assertEquals(page.href.startsWith(`${publicUrl}/t9k/em/web/#/`), true);
    const shown = await fetch(page);
    assertEquals(shown.status, 200);
    await shown.body?.cancel();
    const short = await fetch(`${publicUrl}/t9k/em/web`, {
      redirect: "manual",
    });
    await short.body?.cancel();
    assertEquals(
      new URL(short.headers.get("location") ?? "", short.url).href,
      `${publicUrl}/t9k/em/web/`,
    );

    const session = `${publicUrl}/t9k/em/web/session`;
    const signedIn = await fetch(session, {
      method: "POST",
      headers: { "content-type": "application/json", origin: front.origin },
      body: JSON.stringify({ apiKey }),
    });
    assertEquals(signedIn.status, 200, await signedIn.text());
    const [cookie = "", path] =
      signedIn.headers.get("set-cookie")?.split("; ") ?? [];
    assertEquals(path, "Path=/lab/em/t9k");
    const make = async (name: string, origin: string) => {
      const answer = await fetch(`${server.url}/apis/v1/nodes`, {
        method: "POST",
        headers: { cookie, origin },
        body: JSON.stringify({ ...RUN, name }),
      });
      await answer.body?.cancel();
      return answer.status;
    };
    assertEquals(await make("a", front.origin), 201);
    assertEquals(await make("b", "https://evil.example"), 403);
    assertEquals(
      await make("c", `http://${new URL(front.origin).host}0`),
      403,
    );
  }
});

Deno.test("only with a trusted proxy do X-Forwarded headers say who a client is and whether TLS was used", async () => {
  for (const trustProxy of [true, false]) {
    using dir = tempDir();
    await using server = await startServer({
      dataDir: dir.path,
      port: 0,
      trustProxy,
    });
    await using front = startReverseProxy({
      target: () => new URL(server.localUrl).origin,
      prefix: "/em",
      protocol: "https",
    });
    const api = `${front.origin}/em/t9k/aistore/server/oauth2/userinfo`;
    const apiKey = server.firstStart?.apiKey ?? "";
    const ask = async (apikey: string, address: string) => {
      // A second proxy in between: what a client has made up stands before what it adds.
      const answer = await fetch(
        `${server.localUrl}/oauth2/userinfo?${new URLSearchParams({ apikey })}`,
        { headers: { "x-forwarded-for": `6.6.6.6, ${address}` } },
      );
      await answer.body?.cancel();
      return answer.status;
    };
    for (let i = 0; i <= FAILED_KEYS_BURST; i++) {
      await ask(crypto.randomUUID(), "192.0.2.1");
    }
    assertEquals(await ask(apiKey, "192.0.2.1"), 429);
    assertEquals(await ask(apiKey, "192.0.2.2"), trustProxy ? 200 : 429);

    const signedIn = await fetch(
      api.replace("aistore/server/oauth2/userinfo", "em/web/session"),
      {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "x-forwarded-for": "192.0.2.9",
        },
        body: JSON.stringify({ apiKey }),
      },
    );
    await signedIn.body?.cancel();
    if (trustProxy) {
      assertEquals(signedIn.status, 200);
      assert(signedIn.headers.get("set-cookie")?.endsWith("; Secure"));
    } else assertEquals(signedIn.status, 429);
  }
});

Deno.test("a request whose address cannot be understood is refused, and its key does not get into a log", async () => {
  using dir = tempDir();
  const lines: string[] = [];
  const log = join(dir.path, "access.log");
  await using server = await startServer({
    dataDir: join(dir.path, "data"),
    port: 0,
    accessLog: log,
    reporter: createReporter((line) => lines.push(line)),
  });
  const apiKey = server.firstStart?.apiKey ?? "";
  const path = `/t9k/aistore/server/oauth2/userinfo?apikey=${apiKey}`;
  for (
    const head of [
      `GET ${path} HTTP/1.1\r\nHost: a b`,
      `GET ${path} HTTP/1.1\r\nHost: [::`,
      `GET ${path} HTTP/1.1\r\nHost: x:99999`,
      `GET http://x:99999${path} HTTP/1.1\r\nHost: x`,
    ]
  ) {
    const socket = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.port,
    });
    await socket.write(
      new TextEncoder().encode(`${head}\r\nConnection: close\r\n\r\n`),
    );
    const answer = await new Response(socket.readable).text();
    assertEquals(answer.split("\r\n")[0], "HTTP/1.1 400 Bad Request", head);
    assertFalse(answer.includes(apiKey), answer);
  }
  await server.shutdown();
  assertEquals(lines, []);
  assertFalse((await Deno.readTextFile(log)).includes(apiKey));
});
