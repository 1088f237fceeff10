import {
  assert,
  assertEquals,
  assertGreater,
  assertInstanceOf,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { delay } from "@std/async";
import { AIStoreClient } from "../../src/aistore/client.ts";
import { classify } from "../../src/aistore/outcome.ts";
import {
  AuthenticationError,
  ConnectionError,
  type EmError,
  RedirectError,
  ResponseError,
} from "../../src/errors.ts";
import { API_KEY, StandIn } from "../upload/support/stand_in.ts";

function clientOf(host: string, timeoutMs = 5000): AIStoreClient {
  return new AIStoreClient({ host, apiKey: API_KEY, timeoutMs });
}

/** Asserts that an error, with everything that belongs to it, does not give the key away. */
function assertNoKey(error: unknown): void {
  const parts = [
    Deno.inspect(error, { depth: 10, showHidden: true }),
    JSON.stringify(error),
  ];
  if (error instanceof Error) {
    parts.push(
      error.message,
      `${error.stack}`,
      Deno.inspect(error.cause, { depth: 10 }),
    );
  }
  for (const part of parts) assert(!part?.includes(API_KEY), part);
}

Deno.test("every answer becomes the error that says what it means, without the key", async () => {
  type Row = [
    status: number,
    body: string,
    wanted: new (...args: never[]) => EmError,
    outcome: string,
  ];
  const table: Row[] = [
    [400, `api key ${API_KEY} not found\n`, AuthenticationError, "rejected"],
    [400, "query is needed", AuthenticationError, "rejected"],
    [401, "", AuthenticationError, "rejected"],
    [403, "permission denied", AuthenticationError, "rejected"],
    [403, "<html>", AuthenticationError, "rejected"],
    [400, "something else", ResponseError, "rejected"],
    [404, "", ResponseError, "rejected"],
    [409, "conflict", ResponseError, "rejected"],
    [413, `too large for ${API_KEY}`, ResponseError, "rejected"],
    [408, "", ResponseError, "retryable"],
    [425, "", ResponseError, "retryable"],
    [429, "", ResponseError, "retryable"],
    [500, API_KEY, ResponseError, "retryable"],
    [502, "", ResponseError, "retryable"],
    [503, "", ResponseError, "retryable"],
    [507, "", ResponseError, "retryable"],
    [301, "", RedirectError, "rejected"],
    [302, "", RedirectError, "rejected"],
    [307, "", RedirectError, "rejected"],
    [200, "<html>a login page</html>", ResponseError, "rejected"],
    [200, "{}", ResponseError, "rejected"],
  ];
  await using server = new StandIn();
  for (const [status, body, wanted, outcome] of table) {
    server.intercept = () =>
      new Response(body, {
        status,
        headers: { location: `https://sso.example.com/login?from=${API_KEY}` },
      });
    const error = await assertRejects(() => clientOf(server.host).userInfo());
    assertInstanceOf(error, wanted, `${status} ${body}`);
    assertEquals(classify(error).state, outcome, `${status} ${body}`);
    assertNoKey(error);
    if (error instanceof ResponseError) {
      assertStringIncludes(error.message, "GET /oauth2/userinfo");
    }
    if (error instanceof RedirectError) {
      assertStringIncludes(error.message, `"https://sso.example.com/login"`);
    }
  }
});

Deno.test("a redirect is never followed, not even to the server itself", async () => {
  await using server = new StandIn();
  let requests = 0;
  server.intercept = ({ path }) => {
    requests++;
    return path === "/moved"
      ? undefined
      : new Response(null, { status: 302, headers: { location: "/moved" } });
  };
  const client = clientOf(server.host);
  await assertRejects(() => client.userInfo(), RedirectError);
  await assertRejects(
    () => client.putObject("/demo/r/a", new Uint8Array(3)),
    RedirectError,
  );
  await assertRejects(() => client.getObject("/demo/r/a"), RedirectError);
  assertEquals(requests, 3);
});

Deno.test("failed connections become ConnectionErrors without the key", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const accepting = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(1000));
      connection.close();
    }
  })();
  const refused = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const refusedPort = refused.addr.port;
  refused.close();
  const table: [label: string, host: string, says: RegExp][] = [
    ["refused", `http://127.0.0.1:${refusedPort}`, /refused/i],
    ["name", "http://no-such-host.invalid", /dns|resolve|lookup/i],
    ["closed", `http://127.0.0.1:${listener.addr.port}`, /closed/i],
    ["blocked port", "http://127.0.0.1:9", /blocked/i],
  ];
  using file = await bigFile(2_000_000);
  for (const [label, host, says] of table) {
    const client = clientOf(host);
    for (
      const attempt of [
        () => client.userInfo(),
        () =>
          client.putObject("/demo/r/a", {
            file: file.file,
            sizeBytes: 2_000_000,
          }),
        () => client.getObject("/demo/r/a"),
      ]
    ) {
      file.file.seekSync(0, Deno.SeekMode.Start);
      if (
        label === "blocked port" && attempt.toString().includes("putObject")
      ) continue;
      const error = await assertRejects(attempt, ConnectionError, `"${host}"`);
      assertEquals(classify(error).state, "retryable", label);
      if (!attempt.toString().includes("putObject")) {
        assert(says.test(error.message), error.message);
      }
      assertNoKey(error);
    }
  }
  listener.close();
  await accepting;
});

Deno.test("a server that does not answer is given up after the time limit", async () => {
  const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  const connections: Deno.Conn[] = [];
  const accepting = (async () => {
    for await (const connection of listener) connections.push(connection);
  })();
  const client = clientOf(`http://127.0.0.1:${listener.addr.port}`, 150);
  const start = performance.now();
  const error = await assertRejects(
    () => client.userInfo(),
    ConnectionError,
    "nothing came within 0.15 s",
  );
  assert(performance.now() - start < 3000);
  assertNoKey(error);
  using file = await bigFile(1000);
  const put = () =>
    client.putObject("/demo/r/a", { file: file.file, sizeBytes: 1000 });
  await assertRejects(put, ConnectionError, "nothing came within 1.15 s");
  for (const connection of connections) connection.close();
  listener.close();
  await accepting;
});

Deno.test("a request has the time that its body takes on a slow network", async () => {
  await using server = new StandIn();
  server.add("/demo/r", "Run");
  const client = clientOf(server.host, 100);
  const put = () => client.putObject("/demo/r/a", new Uint8Array(64 * 1024));
  server.intercept = async () => {
    await delay(1_500);
    return undefined;
  };
  await assertRejects(put, ConnectionError, "nothing came within 1.1 s");
  await put(); // The second time it has twice as long.
  server.intercept = () => undefined;
  await put(); // Now it is known that the network is fast.
  const sizeBytes = 20 * 1024;
  // The time begins anew with each piece, here of those that come slowly from the disk.
  const file = {
    async read(buffer: Uint8Array) {
      await delay(150);
      return Math.min(buffer.length, 1024);
    },
  };
  const start = performance.now();
  await client.putObject("/demo/r/b", { file, sizeBytes });
  assertGreater(performance.now() - start, 2_500);
  assertEquals(server.objects.get("/demo/r/b")?.length, sizeBytes);
});

Deno.test("an abort ends a request with the caller's own reason", async () => {
  await using server = new StandIn();
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  server.intercept = async () => {
    await released;
    return new Response(null, { status: 503 });
  };
  const reason = new Error("enough");
  using file = await bigFile(2_000_000);
  const part = { file: file.file, sizeBytes: 2_000_000 };
  const client = clientOf(server.host);
  for (
    const attempt of [
      (signal: AbortSignal) => client.userInfo({ signal }),
      (signal: AbortSignal) => client.putObject("/demo/r/a", part, { signal }),
      (signal: AbortSignal) => client.getObject("/demo/r/a", { signal }),
    ]
  ) {
    const controller = new AbortController();
    const running = attempt(controller.signal);
    setTimeout(() => controller.abort(reason), 20);
    assertEquals(await assertRejects(() => running), reason);
    assertEquals(
      await assertRejects(() => attempt(AbortSignal.abort(reason))),
      reason,
    );
  }
  release();
});

Deno.test("putObject() and getObject() carry every content and every key", async () => {
  await using server = new StandIn();
  server.add("/demo/r", "Run");
  const client = clientOf(server.host);
  const contents = [
    new Uint8Array(),
    new TextEncoder().encode("alpha\r\n--\r\n"),
    crypto.getRandomValues(new Uint8Array(60_000)),
  ];
  for (
    const key of ["a.txt", "d/e/中 文 &+%.txt", `q"uo\\te.txt`, "line\nbreak"]
  ) {
    for (const content of contents) {
      await client.putObject(`/demo/r/${key}`, content);
      assertEquals(server.objects.get(`/demo/r/${key}`), content, key);
      assertEquals(
        await new Response(await client.getObject(`/demo/r/${key}`)).bytes(),
        content,
      );
    }
  }
});

Deno.test("putObject() streams a large file with its length, and reports each chunk", async () => {
  await using server = new StandIn();
  server.add("/demo/r", "Run");
  using big = await bigFile(10_000_000);
  let seen = 0;
  const source = {
    file: big.file,
    sizeBytes: 9_999_999,
    onChunk: (chunk: Uint8Array) => seen += chunk.length,
  };
  // The stand-in refuses a body without a Content-Length.
  await clientOf(server.host).putObject("/demo/r/big", source);
  assertEquals(seen, 9_999_999);
  assertEquals(
    server.objects.get("/demo/r/big"),
    (await Deno.readFile(big.path)).subarray(0, 9_999_999),
  );
});

Deno.test("an early refusal of a large body is an answer, not a broken connection", async () => {
  await using server = new StandIn();
  server.add("/demo/r", "Run");
  server.intercept = () => new Response("too large", { status: 413 });
  using big = await bigFile(50_000_000);
  const client = clientOf(server.host);
  for (let i = 0; i < 5; i++) {
    big.file.seekSync(0, Deno.SeekMode.Start);
    const put = () =>
      client.putObject("/demo/r/big", {
        file: big.file,
        sizeBytes: 50_000_000,
      });
    assertEquals((await assertRejects(put, ResponseError)).status, 413);
  }
});

Deno.test("putObject() does not send more than 100 MiB in one request", async () => {
  await using server = new StandIn();
  using big = await bigFile(10);
  const sizeBytes = 104_857_601;
  await assertRejects(
    () =>
      clientOf(server.host).putObject("/demo/r/big", {
        file: big.file,
        sizeBytes,
      }),
    RangeError,
    "in parts",
  );
  assertEquals(server.log, []);
});

Deno.test("listings are read page by page to their end", async () => {
  await using server = new StandIn();
  server.add("/demo/r", "Run");
  const client = clientOf(server.host);
  assertEquals(
    (await Array.fromAsync(client.listObjects("/demo/r"))).length,
    0,
  );
  for (let i = 0; i < 2500; i++) {
    server.objects.set(`/demo/r/${i}`, new Uint8Array(1));
  }
  const keys = (await Array.fromAsync(client.listObjects("/demo/r"))).map((
    { path },
  ) => path);
  assertEquals(keys.length, 2500);
  assertEquals(new Set(keys).size, 2500);
  assertEquals(
    (await Array.fromAsync(client.listNodes("/demo"))).map(({ name }) => name),
    ["r"],
  );
});

Deno.test("nodes are created, found, changed and deleted", async () => {
  await using server = new StandIn();
  const client = clientOf(server.host);
  const body = {
    parent: "/demo",
    name: "r",
    labels: ["b", "a"],
    description: "中",
    type: "Run",
    extra: "{}",
  };
  const created = await client.createNode(body);
  assertEquals(created.state, "created");
  assertEquals(await client.createNode(body), { state: "name-taken" });
  assertEquals(await client.createNode({ ...body, parent: "/demo/x" }), {
    state: "parent-missing",
  });
  const found = await client.node("/demo/r");
  assertEquals(found?.id, created.state === "created" ? created.id : "");
  assertEquals(found?.storageType, 2);
  await client.updateNode("/demo/r", { description: "new" });
  assertEquals((await client.node(found?.id ?? ""))?.description, "new");
  await client.deleteNode("/demo/r");
  assertEquals(await client.node("/demo/r"), undefined);
  assertEquals(await client.graph("x"), { in: [], out: [] });
  await client.addEdges([{ from: "x", to: "y" }]);
});

interface BigFile extends Disposable {
  readonly path: string;
  readonly file: Deno.FsFile;
}

async function bigFile(sizeBytes: number): Promise<BigFile> {
  const path = await Deno.makeTempFile();
  const block = crypto.getRandomValues(new Uint8Array(65_536));
  const file = await Deno.open(path, { read: true, write: true });
  for (let at = 0; at < sizeBytes; at += block.length) {
    await file.write(block.subarray(0, Math.min(block.length, sizeBytes - at)));
  }
  await file.seek(0, Deno.SeekMode.Start);
  return {
    path,
    file,
    [Symbol.dispose]() {
      file.close();
      Deno.removeSync(path);
    },
  };
}
