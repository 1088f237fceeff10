import { join } from "@std/path";
import {
  assert,
  assertEquals,
  assertGreater,
  assertLess,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { createReporter } from "../../../src/reporter.ts";
import {
  type RunningServer,
  type ServerOptions,
  startServer,
} from "../../../src/server/mod.ts";
import { Operations } from "../../../src/server/operations/operations.ts";
import { Store } from "../../../src/server/store/store.ts";
import { VERSION } from "../../../src/server/version.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startChildServer } from "../support/child_server.ts";
import { form } from "../support/fixture.ts";

/** A server with a run `/demo/run`, and its files. */
interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly apiKey: string;
  readonly dir: string;
  /** Sends a request below the protocol's prefix, with the key. */
  send(path: string, init?: RequestInit): Promise<Response>;
}

async function start(
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

async function text(answer: Promise<Response>): Promise<string> {
  const response = await answer;
  return `${response.status} ${await response.text()}`;
}

function put(test: TestServer, key: string, content: BlobPart) {
  return text(test.send(`/apis/v1/objects?path=/demo/run/${key}`, {
    method: "POST",
    body: form(content),
  }));
}

/** Sends bytes over a connection of its own. */
async function connect(port: number, head: string): Promise<Deno.TcpConn> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  await conn.write(new TextEncoder().encode(head));
  return conn;
}

const PREFIX = "/t9k/aistore/server";

/** The metrics as numbers by sample. */
async function metrics(port: number): Promise<Map<string, number>> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const lines = (await response.text()).split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => {
    const cut = line.lastIndexOf(" ");
    return [line.slice(0, cut), Number(line.slice(cut + 1))];
  }));
}

Deno.test("/healthz answers ok without a key at both addresses, and 503 with the reason when data cannot be written", async () => {
  await using test = await start();
  const { server, dir } = test;
  const outside = `http://127.0.0.1:${server.port}/healthz`;
  for (const url of [outside, `${server.url}/healthz`]) {
    assertEquals(await text(fetch(url)), "200 ok\n");
  }
  const head = await fetch(outside, { method: "HEAD" });
  assertEquals(head.status, 200);
  Deno.renameSync(join(dir, "data/tmp"), join(dir, "data/gone"));
  await waitFor("the trouble to be seen", async () => {
    const answer = await text(fetch(outside));
    if (answer === "200 ok\n") return undefined;
    assertEquals(answer, "503 the data folder cannot be written to\n");
    return true;
  });
  Deno.renameSync(join(dir, "data/gone"), join(dir, "data/tmp"));
  await waitFor(
    "health",
    async () => await text(fetch(outside)) === "200 ok\n" || undefined,
  );
});

Deno.test("/metrics is for this machine or a key, and for everybody only if that is said", async () => {
  await using test = await start();
  const url = `${test.server.url}/metrics`;
  const elsewhere = { headers: { "x-forwarded-for": "10.0.0.7" } };
  const open = await fetch(url);
  assertEquals(
    [open.status, open.headers.get("content-type")],
    [200, "text/plain; version=0.0.4; charset=utf-8"],
  );
  await open.body?.cancel();
  assertMatch(await text(fetch(url, elsewhere)), /^401 not logged in/);
  assertMatch(
    await text(fetch(`${url}?apikey=wrong`, elsewhere)),
    /^4\d\d .*not found/,
  );
  assertMatch(await text(test.send("/metrics", elsewhere)), /^200 # HELP/);
  await using other = await start({ metricsPublic: true });
  assertMatch(
    await text(fetch(`${other.server.url}/metrics`, elsewhere)),
    /^200 # HELP/,
  );
});

Deno.test("/metrics counts requests by route and status, bytes, time and what is kept, and names nothing of users", async () => {
  await using test = await start();
  const { server, send } = test;
  const content = "secret_name: 1\n".repeat(1000);
  await put(test, "secret_name.yaml", content);
  const path = "/apis/v1/objects?path=/demo/run/secret_name.yaml";
  await text(send(path));
  await text(send("/apis/v1/objects/multipart?path=/demo/run/secret_name", {
    method: "POST",
  }));
  await text(send("/apis/v1/secret_name"));
  await text(send("/apis/v1/nodes/info?node=/demo/secret_name"));
  await text(fetch(`http://127.0.0.1:${server.port}/secret_name`));
  const found = await waitFor("all to be counted", async () => {
    const found = await metrics(server.port);
    return found.get("em_http_requests_open") === 1 ? found : undefined;
  });
  const requests = (method: string, route: string, status: number) =>
    found.get(
      `em_http_requests_total{method="${method}",route="${route}",status="${status}"}`,
    );
  const api = `${PREFIX}/apis/v1`;
  assertEquals(requests("POST", `${api}/nodes`, 201), 1);
  assertEquals(requests("GET", `${api}/objects`, 200), 1);
  assertEquals(requests("POST", `${api}/objects/multipart`, 201), 1);
  assertEquals(requests("GET", `${api}/nodes/info`, 404), 1);
  assertEquals(requests("GET", `${PREFIX}/*`, 404), 1);
  assertEquals(
    found.get(
      `em_http_request_duration_seconds_count{method="GET",route="${api}/objects"}`,
    ),
    1,
  );
  assertGreater(found.get("em_http_sent_bytes_total") ?? 0, content.length);
  assertGreater(found.get("em_http_received_bytes_total") ?? 0, content.length);
  const kept = {
    em_users: 1,
    em_objects: 1,
    em_objects_bytes: content.length,
    'em_nodes{type="Run"}': 1,
    em_multipart_uploads_open: 1,
    em_http_requests_queued: 0,
    em_http_requests_refused_total: 0,
    [`em_build_info{version="${VERSION}",deno="${Deno.version.deno}"}`]: 1,
  };
  for (const [name, value] of Object.entries(kept)) {
    assertEquals(found.get(name), value, name);
  }
  for (
    const name of [
      "em_database_bytes",
      "process_resident_memory_bytes",
      "em_uptime_seconds",
    ]
  ) assertGreater(found.get(name) ?? 0, 0, name);
  assert(found.has("em_event_loop_lag_seconds"));
  const everything = JSON.stringify([...found]);
  assert(!everything.includes("secret_name"));
  assert(!everything.includes(test.apiKey));
});

Deno.test("the access log says who did what, with the id that the answer carried, and never a key", async () => {
  using logs = tempDir();
  const file = join(logs.path, "log");
  const ids: (string | null)[] = [];
  let apiKey = "";
  {
    await using test = await start({ accessLog: file });
    apiKey = test.apiKey;
    await put(test, "x", "content");
    const named = await test.send("/apis/v1/objects?path=/demo/run/x", {
      headers: { "x-request-id": "trace-7" },
    });
    ids.push(named.headers.get("x-request-id"));
    await named.text();
    const bearer = await fetch(`${test.server.url}/oauth2/userinfo`, {
      headers: {
        authorization: `Bearer ${apiKey}`,
        "x-request-id": "no good id\t",
      },
    });
    ids.push(bearer.headers.get("x-request-id"));
    await bearer.body?.cancel();
    await text(fetch(`${test.server.url}/oauth2/userinfo`));
  }
  const log = Deno.readTextFileSync(file);
  assert(!log.includes(apiKey));
  const lines = log.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(lines.length, 5);
  const [, stored, read, asked, refused] = lines;
  assertEquals(
    [stored.method, stored.path, stored.status, stored.user, stored.client],
    [
      "POST",
      `${PREFIX}/apis/v1/objects?path=%2Fdemo%2Frun%2Fx&apikey=…`,
      201,
      "demo",
      "127.0.0.1",
    ],
  );
  assertGreater(stored.in, "content".length);
  assertEquals([read.id, read.out, read.in], ["trace-7", 7, 0]);
  assertEquals([ids[0], ids[1]], ["trace-7", asked.id]);
  assert(asked.id !== read.id && asked.id.length > 8);
  assertEquals([asked.user, refused.user, refused.status], ["demo", null, 401]);
  assertEquals(Object.keys(read), [
    "time",
    "id",
    "method",
    "path",
    "status",
    "ms",
    "in",
    "out",
    "user",
    "client",
  ]);
});

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

Deno.test("text is compressed for clients elsewhere that take it, and comes back the same", async () => {
  await using test = await start();
  const { send } = test;
  const content = "- step: 1\n  loss: 0.25\n".repeat(40_000);
  await put(test, "train.yaml", content);
  await put(test, "model.bin", content);
  await put(test, "small.yaml", "a: 1\n");
  const path = (key: string) => `/apis/v1/objects?path=/demo/run/${key}`;
  const elsewhere = { "x-forwarded-for": "10.0.0.7" };
  const ask = async (target: string, headers: Record<string, string>) => {
    const response = await send(target, {
      headers: { "accept-encoding": "gzip", ...headers },
    });
    return {
      body: await response.text(),
      encoding: response.headers.get("content-encoding"),
      vary: response.headers.get("vary"),
      etag: response.headers.get("etag"),
      length: response.headers.get("content-length"),
      status: response.status,
    };
  };
  const plain = await ask(path("train.yaml"), {
    ...elsewhere,
    "accept-encoding": "identity",
  });
  assertEquals(plain.body, content);
  assertEquals([plain.encoding, plain.vary, plain.length], [
    null,
    "Accept-Encoding",
    `${content.length}`,
  ]);
  const sent = (await metrics(test.server.port)).get(
    "em_http_sent_bytes_total",
  ) ?? 0;
  const packed = await ask(path("train.yaml"), elsewhere);
  assertEquals(packed.body, content);
  assertEquals([packed.vary, packed.length], ["Accept-Encoding", null]);
  assertEquals(packed.etag, `W/${plain.etag}`);
  const again = await ask(path("train.yaml"), {
    ...elsewhere,
    "if-none-match": packed.etag ?? "",
  });
  assertEquals([again.status, again.body], [304, ""]);
  const sentPacked = await waitFor("the count", async () => {
    const now = (await metrics(test.server.port)).get(
      "em_http_sent_bytes_total",
    ) ?? 0;
    return now > sent ? now - sent : undefined;
  });
  assertLess(sentPacked, content.length / 10);
  for (const key of ["model.bin", "small.yaml"]) {
    const answer = await ask(path(key), elsewhere);
    assertEquals([answer.encoding, answer.vary], [null, null], key);
    assert(answer.etag?.startsWith('"') && answer.length !== null, key);
  }
  const part = await ask(path("train.yaml"), {
    ...elsewhere,
    range: "bytes=10-19",
  });
  assertEquals([part.status, part.body, part.encoding], [
    206,
    content.slice(10, 20),
    null,
  ]);
  const head = await send(path("train.yaml"), {
    method: "HEAD",
    headers: { ...elsewhere, "accept-encoding": "gzip" },
  });
  assertEquals(
    [head.headers.get("content-length"), head.headers.get("etag")],
    [`${content.length}`, plain.etag],
  );
  const python = await ask(path("train.yaml"), {
    ...elsewhere,
    "user-agent": "python-requests/2.28.1",
  });
  assertEquals([python.etag, python.length], [
    plain.etag,
    `${content.length}`,
  ]);
  const near = await ask(path("train.yaml"), {});
  assertEquals([near.etag, near.length], [plain.etag, `${content.length}`]);
});

Deno.test("a long listing is compressed on the wire", async () => {
  await using test = await start();
  for (let i = 0; i < 30; i++) await put(test, `key-${i}`, "x");
  const conn = await connect(
    test.server.port,
    `GET ${PREFIX}/apis/v1/objects/ls?path=/demo/run&size=100&apikey=${test.apiKey} HTTP/1.1\r\n` +
      "Host: x\r\nAccept-Encoding: gzip, deflate\r\nX-Forwarded-For: 10.0.0.7\r\nConnection: close\r\n\r\n",
  );
  const bytes = new Uint8Array(await new Response(conn.readable).arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  const cut = text.indexOf("\r\n\r\n") + 4;
  assertStringIncludes(
    text.slice(0, cut).toLowerCase(),
    "content-encoding: gzip",
  );
  const body = new Blob([bytes.slice(cut)]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  const page = await new Response(body).json();
  assertEquals(page.data.length, 30);
  assertLess(bytes.length - cut, JSON.stringify(page).length / 3);
});

Deno.test("shutdown() ends streams of events at once, and lets a slow download finish", async () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  using operations = new Operations({
    store,
    meter: { requests: 0, receivedBodyBytes: 0 },
    reporter: createReporter(),
  });
  let cancelled = false;
  const handle = operations.around(() =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start: (controller) =>
            controller.enqueue(new TextEncoder().encode("data: 1\n\n")),
          cancel: () => {
            cancelled = true;
          },
        }),
        { headers: { "content-type": "text/event-stream" } },
      ),
    )
  );
  await using http = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, { remoteAddr, completed }) =>
      handle(request, { remoteAddress: remoteAddr.hostname, completed }),
  );
  const events = await fetch(`http://127.0.0.1:${http.addr.port}/`);
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  assertEquals((await reader?.read())?.value, "data: 1\n\n");
  operations.endStreams();
  assertEquals((await reader?.read())?.done, true);
  assert(cancelled);

  await using test = await start({ shutdownGraceMs: 20_000 });
  const size = 30_000_000;
  await put(test, "big", new Uint8Array(size));
  const download = await test.send("/apis/v1/objects?path=/demo/run/big");
  const body = download.body?.getReader();
  let received = (await body?.read())?.value?.length ?? 0;
  const down = test.server.shutdown();
  await waitFor("new requests to be refused", async () => {
    try {
      return (await text(fetch(`${test.server.url}/healthz`)))
        .startsWith("503") || undefined;
    } catch {
      return true;
    }
  });
  for (;;) {
    const read = await body?.read();
    if (read?.value === undefined) break;
    received += read.value.length;
  }
  assertEquals(received, size);
  await down;
});
