import { join } from "@std/path";
import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startChildServer } from "../support/child_server.ts";
import { form } from "../support/fixture.ts";
import { connect, metrics, PREFIX, put, start, text } from "./support.ts";

Deno.test("a body that trickles is cut off with 408, gives its place free, and others are served meanwhile", async () => {
  await using test = await start({ limits: { bodyPatienceMs: 600 } });
  const { server, apiKey } = test;
  const bodies = [
    `POST ${PREFIX}/apis/v1/nodes?apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
    'Content-Length: 1000\r\n\r\n{"na',
    `POST ${PREFIX}/apis/v1/objects?path=/demo/run/x&apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n" +
    '--b\r\nContent-Disposition: form-data; name="content"; filename="x"\r\n\r\nabc',
    `PATCH ${PREFIX}/apis/v1/objects?path=/demo/run/y&apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
    "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n",
  ];
  await put(test, "y", "");
  const conns = await Promise.all(
    bodies.map((head) => connect(server.port, head)),
  );
  let ended = false;
  const trickle = (async () => {
    while (!ended) {
      for (const [index, conn] of conns.entries()) {
        const bytes = index === 2 ? "1\r\nx\r\n" : " ";
        await conn.write(new TextEncoder().encode(bytes)).catch(() => {});
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  await waitFor("the bodies to begin", async () => {
    return (await metrics(server.port)).get("em_http_requests_active") === 3 ||
      undefined;
  });
  for (const conn of conns) {
    const buffer = new Uint8Array(1000);
    const count = await conn.read(buffer) ?? 0;
    const answer = new TextDecoder().decode(buffer.subarray(0, count));
    assertMatch(answer, /^HTTP\/1\.1 408 [^]*the body came too slowly/);
  }
  ended = true;
  await trickle;
  const found = await metrics(server.port);
  assertEquals(
    [
      found.get("em_http_requests_active"),
      found.get('em_http_slow_clients_total{direction="received"}'),
    ],
    [0, 3],
  );
  assertMatch(
    await text(test.send("/apis/v1/objects?path=/demo/run/x")),
    /^404 /,
  );
  assertEquals([...Deno.readDirSync(join(test.dir, "data/tmp"))], []);
  for (const conn of conns) conn.close();
});

Deno.test("an upload and a download that are slow but go on come whole", async () => {
  await using test = await start({
    limits: { bodyPatienceMs: 800, downloadPatienceMs: 800 },
  });
  const content = crypto.getRandomValues(new Uint8Array(60_000));
  const encoded = new Response(form(content));
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const upload = await text(test.send("/apis/v1/objects?path=/demo/run/x", {
    method: "POST",
    headers: encoded.headers,
    body: ReadableStream.from((async function* () {
      for (let at = 0; at < bytes.length; at += 3000) {
        yield bytes.slice(at, at + 3000);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })()),
  }));
  assertMatch(upload, /^201 /);
  const download = await test.send("/apis/v1/objects?path=/demo/run/x");
  const reader = download.body?.getReader();
  const parts: Uint8Array[] = [];
  for (;;) {
    const read = await reader?.read();
    if (read?.value === undefined) break;
    parts.push(read.value);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assertEquals(
    new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer()),
    content,
  );
});

Deno.test("a download that nobody reads is let go, and breaks off instead of looking whole", async () => {
  await using test = await start({ limits: { downloadPatienceMs: 400 } });
  const size = 30_000_000;
  await put(test, "big", new Uint8Array(size));
  const conn = await connect(
    test.server.port,
    `GET ${PREFIX}/apis/v1/objects?path=/demo/run/big&apikey=${test.apiKey} HTTP/1.1\r\nHost: x\r\n\r\n`,
  );
  await waitFor("the cut", async () => {
    const found = await metrics(test.server.port);
    return found.get('em_http_slow_clients_total{direction="sent"}') === 1 ||
      undefined;
  });
  let received = 0;
  const buffer = new Uint8Array(65_536);
  try {
    for (;;) {
      const count = await conn.read(buffer);
      if (count === null) break;
      received += count;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  conn.close();
  assertLess(received, size);
  await waitFor("the request's end", async () => {
    const found = await metrics(test.server.port);
    return found.get("em_http_requests_open") === 1 || undefined;
  });
});

Deno.test("with too many requests under way some wait, the rest get 503 with Retry-After, and health is still answered", async () => {
  await using test = await start({
    limits: { maxActive: 1, maxQueued: 1, maxQueueMs: 20_000 },
  });
  const { server, apiKey, send } = test;
  const body = JSON.stringify({ parent: "/demo", name: "n", type: "Folder" });
  const first = await connect(
    server.port,
    `POST ${PREFIX}/apis/v1/nodes?apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
      `Connection: close\r\nContent-Length: ${body.length}\r\n\r\n`,
  );
  const state = async () => {
    const found = await metrics(server.port);
    return [
      found.get("em_http_requests_active"),
      found.get("em_http_requests_queued"),
      found.get("em_http_requests_refused_total"),
    ].join();
  };
  await waitFor(
    "the first",
    async () => await state() === "1,0,0" || undefined,
  );
  const second = text(send("/oauth2/userinfo"));
  await waitFor(
    "the second",
    async () => await state() === "1,1,0" || undefined,
  );
  const third = await send("/oauth2/userinfo");
  assertEquals(
    [third.status, third.headers.get("retry-after"), await third.text()],
    [503, "5", "the server is busy: try again later"],
  );
  assert(third.headers.get("x-request-id"));
  assertEquals(await text(fetch(`${server.url}/healthz`)), "200 ok\n");
  await first.write(new TextEncoder().encode(body));
  assertMatch(await new Response(first.readable).text(), /^HTTP\/1\.1 201/);
  assertMatch(await second, /^200 /);
  assertEquals(await state(), "0,0,1");
});

Deno.test("500 connections that say nothing, or trickle a header, cost little and hold up nobody", async () => {
  using dir = tempDir();
  await using server = await startChildServer(dir.path);
  const port = Number(new URL(server.url).port);
  const info = `${server.url}/oauth2/userinfo?apikey=${server.apiKey}`;
  for (let i = 0; i < 50; i++) await text(fetch(info));
  const before = server.peakMemoryBytes();
  const conns = await Promise.all(
    Array.from(
      { length: 500 },
      (_, index) =>
        connect(port, index % 2 ? "" : "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "),
    ),
  );
  for (let round = 0; round < 5; round++) {
    for (const [index, conn] of conns.entries()) {
      if (index % 2 === 0) await conn.write(new TextEncoder().encode("a"));
    }
    const begun = performance.now();
    assertMatch(await text(fetch(info)), /^200 /);
    assertLess(performance.now() - begun, 2000);
  }
  const grown = server.peakMemoryBytes() - before;
  assertLess(grown, 64 * 2 ** 20, `500 connections cost ${grown} bytes`);
  for (const conn of conns) conn.close();
});
