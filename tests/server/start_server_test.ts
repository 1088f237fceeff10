import { join } from "@std/path";
import { createHash } from "node:crypto";
import { assert, assertEquals, assertRejects } from "@std/assert";
import {
  DataDirError,
  ListenError,
  startServer,
} from "../../src/server/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { waitFor } from "../support/wait_for.ts";
import { startChildServer } from "./support/child_server.ts";
import { form } from "./support/fixture.ts";

/** A client of one server. */
function connect(url: string, apiKey: string) {
  const address = (path: string, query: Record<string, string> = {}) =>
    `${url}${path}?${new URLSearchParams({ ...query, apikey: apiKey })}`;
  return {
    get: (path: string, query?: Record<string, string>) =>
      fetch(address(path, query)),
    post: (
      path: string,
      query: Record<string, string>,
      body: BodyInit | null = null,
    ) => fetch(address(path, query), { method: "POST", body }),
    async make(path: string, type: string) {
      const cut = path.lastIndexOf("/");
      const body = {
        parent: path.slice(0, cut) || "/",
        name: path.slice(cut + 1),
        type,
      };
      const response = await this.post(
        "/apis/v1/nodes",
        {},
        JSON.stringify(body),
      );
      assertEquals(response.status, 201);
      return (await response.json()).id as string;
    },
    async put(path: string, content: BlobPart) {
      const response = await this.post(
        "/apis/v1/objects",
        { path },
        form(content),
      );
      const text = await response.text();
      assert(response.ok, text);
      return JSON.parse(text);
    },
    async read(path: string) {
      const response = await this.get("/apis/v1/objects", { path });
      return `${response.status} ${await response.text()}`;
    },
  };
}

Deno.test("the first start makes a user and a key, later starts do not", async () => {
  using dir = tempDir();
  let apiKey = "";
  {
    await using server = await startServer({
      dataDir: join(dir.path, "a/b"),
      port: 0,
      user: "ann",
    });
    assertEquals(server.firstStart?.user, "ann");
    assertEquals(
      server.url,
      `http://127.0.0.1:${server.port}/t9k/aistore/server`,
    );
    apiKey = server.firstStart?.apiKey ?? "";
  }
  await using server = await startServer({
    dataDir: join(dir.path, "a/b"),
    port: 0,
    user: "bob",
  });
  assertEquals(server.firstStart, undefined);
  const response = await connect(server.url, apiKey).get("/oauth2/userinfo");
  assertEquals(await response.json(), { preferred_username: "ann" });
});

Deno.test("everything is there again after a restart", async () => {
  using dir = tempDir();
  const options = { dataDir: dir.path, port: 0 };
  let apiKey = "", run = "", uploadId = "", etag = "";
  const part = { path: "/demo/default/run/big", partNumber: "1" };
  const state: string[] = [];
  async function look(client: ReturnType<typeof connect>): Promise<string> {
    const answers = await Promise.all([
      client.get("/apis/v1/nodes/info", { node: run }),
      client.get("/apis/v1/nodes", { parent: "/demo/default" }),
      client.get("/apis/v1/objects/ls", { path: "/demo/default/run" }),
      client.get("/apis/v1/objects", { path: "/demo/default/run/x" }),
      client.get("/apis/v1/graphs", { current: run }),
    ]);
    return (await Promise.all(answers.map((answer) => answer.text()))).join(
      "\n",
    );
  }
  {
    await using server = await startServer(options);
    apiKey = server.firstStart?.apiKey ?? "";
    const client = connect(server.url, apiKey);
    await client.make("/demo/default", "Folder");
    run = await client.make("/demo/default/run", "Run");
    const artifact = await client.make("/demo/default/artifact", "Artifact");
    await client.put("/demo/default/run/x", "content");
    const graphs = [{ from: artifact, to: run }];
    await (await client.post("/apis/v1/graphs", {}, JSON.stringify({ graphs })))
      .body?.cancel();
    const begun = await client.post("/apis/v1/objects/multipart", {
      path: part.path,
    });
    uploadId = (await begun.json()).uploadId;
    const url =
      `${server.url}/apis/v1/objects/multipart/${uploadId}?${new URLSearchParams(
        { ...part, apikey: apiKey },
      )}`;
    etag =
      (await (await fetch(url, { method: "PUT", body: form("part") })).json())
        .eTag;
    state.push(await look(client));
    assertEquals(server.stats().requests, 12);
    assert(server.stats().receivedBodyBytes > "contentpart".length);
  }
  await using server = await startServer(options);
  const client = connect(server.url, apiKey);
  state.push(await look(client));
  assertEquals(state[1], state[0]);
  const completed = await client.post(
    `/apis/v1/objects/multipart/${uploadId}`,
    { path: part.path },
    JSON.stringify({ parts: [{ etag, partNumber: 1 }] }),
  );
  assertEquals((await completed.json()).size_bytes, 4);
  assertEquals(await client.read(part.path), "200 part");
});

Deno.test("two servers on one data folder or one port are refused, and the first is not harmed", async () => {
  using dir = tempDir();
  const dataDir = join(dir.path, "one");
  await using server = await startServer({ dataDir, port: 0 });
  await assertRejects(
    () => startServer({ dataDir, port: 0 }),
    DataDirError,
    `Cannot use data folder "${dataDir}": another server is using it`,
  );
  const other = join(dir.path, "two");
  for (let i = 0; i < 2; i++) {
    await assertRejects(
      () => startServer({ dataDir: other, port: server.port }),
      ListenError,
      `Cannot listen on "127.0.0.1:${server.port}": the port is taken`,
    );
  }
  await assertRejects(
    () =>
      startServer({ dataDir: join(dir.path, "three"), port: 0, user: "a/b" }),
    RangeError,
  );
  const client = connect(server.url, server.firstStart?.apiKey ?? "");
  assertEquals(
    (await (await client.get("/oauth2/userinfo")).json()).preferred_username,
    "demo",
  );
});

Deno.test("an aborted signal shuts the server down, or keeps it from starting", async () => {
  using dir = tempDir();
  const stop = new AbortController();
  const options = { dataDir: dir.path, port: 0, signal: stop.signal };
  const server = await startServer(options);
  stop.abort();
  await server.finished;
  await assertRejects(() => fetch(server.url), TypeError);
  await assertRejects(() => startServer(options), DOMException);
  await (await startServer({ dataDir: dir.path, port: 0 })).shutdown();
});

Deno.test("shutdown() lets an upload under way finish, and keeps it", async () => {
  using dir = tempDir();
  const options = { dataDir: dir.path, port: 0 };
  const server = await startServer(options);
  const apiKey = server.firstStart?.apiKey ?? "";
  const client = connect(server.url, apiKey);
  await client.make("/demo/run", "Run");
  const encoded = new Response(form("slow"));
  const bytes = new Uint8Array(await encoded.arrayBuffer());
  const rest = Promise.withResolvers<void>();
  const url = `${server.url}/apis/v1/objects?${new URLSearchParams({
    path: "/demo/run/x",
    apikey: apiKey,
  })}`;
  const before = server.stats().receivedBodyBytes;
  const upload = fetch(url, {
    method: "POST",
    headers: encoded.headers,
    body: ReadableStream.from((async function* () {
      yield bytes.slice(0, 50);
      await rest.promise;
      yield bytes.slice(50);
    })()),
  });
  await waitFor(
    "the upload to begin",
    () => server.stats().receivedBodyBytes > before || undefined,
  );
  const down = server.shutdown();
  const refused = await client.get("/oauth2/userinfo");
  assertEquals([refused.status, await refused.text()], [
    503,
    "the server is shutting down",
  ]);
  rest.resolve();
  const answer = await upload;
  assertEquals(answer.status, 201);
  await answer.body?.cancel();
  await down;
  await server.shutdown();
  await using again = await startServer(options);
  assertEquals(
    await connect(again.url, apiKey).read("/demo/run/x"),
    "200 slow",
  );
});

Deno.test("shutdown() does not wait for ever for a client that stands still", async () => {
  using dir = tempDir();
  const options = { dataDir: dir.path, port: 0 };
  const server = await startServer({ ...options, shutdownGraceMs: 100 });
  const apiKey = server.firstStart?.apiKey ?? "";
  const client = connect(server.url, apiKey);
  await client.make("/demo/run", "Run");
  await client.put("/demo/run/x", new Uint8Array(30_000_000));
  const target =
    `/t9k/aistore/server/apis/v1/objects?path=/demo/run/x&apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n`;
  using upload = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.port,
  });
  const type =
    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000";
  await upload.write(
    new TextEncoder().encode(`POST ${target}${type}\r\n\r\n--b`),
  );
  using download = await Deno.connect({
    hostname: "127.0.0.1",
    port: server.port,
  });
  await download.write(new TextEncoder().encode(`GET ${target}\r\n`));
  await download.read(new Uint8Array(100));
  await server.shutdown();
  await using again = await startServer(options);
  const response = await connect(again.url, apiKey).get("/apis/v1/objects", {
    path: "/demo/run/x",
  });
  assertEquals((await response.arrayBuffer()).byteLength, 30_000_000);
});

Deno.test("a client that goes away in mid-upload leaves nothing, and the server goes on", async () => {
  using dir = tempDir();
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  const apiKey = server.firstStart?.apiKey ?? "";
  const client = connect(server.url, apiKey);
  await client.make("/demo/run", "Run");
  const tmp = () => [...Deno.readDirSync(join(dir.path, "tmp"))].length;
  for (let i = 0; i < 3; i++) {
    const socket = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.port,
    });
    const head =
      `POST /t9k/aistore/server/apis/v1/objects?path=/demo/run/x&apikey=${apiKey} HTTP/1.1\r\nHost: x\r\n` +
      `Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 1000000\r\n\r\n` +
      `--b\r\nContent-Disposition: form-data; name="content"; filename="x"\r\n\r\n`;
    const bytes = new TextEncoder().encode(head + "x".repeat(900_000));
    await new Blob([bytes]).stream().pipeTo(socket.writable, {
      preventClose: true,
    });
    await waitFor("the upload to begin", () => tmp() > 0 || undefined);
    socket.close();
    await waitFor(
      "the rest to be cleared away",
      () => tmp() === 0 || undefined,
    );
  }
  assertEquals(
    await client.read("/demo/run/x"),
    "404 object not found [/demo/run/x]",
  );
});

Deno.test("SIGKILL in the middle of uploads loses no acknowledged object and leaves no torn one", async () => {
  using dir = tempDir();
  let apiKey = "";
  /** For each key, the digest that was acknowledged last and those that were sent after it. */
  const possible = new Map<string, Set<string>>();
  const digest = (bytes: Uint8Array) =>
    createHash("md5").update(bytes).digest("hex");
  for (let round = 0; round < 5; round++) {
    await using server = await startChildServer(dir.path);
    apiKey ||= server.apiKey ?? "";
    const client = connect(server.url, apiKey);
    if (round === 0) await client.make("/demo/run", "Run");
    let acknowledged = 0;
    const work = Array.from({ length: 4 }, async (_, worker) => {
      for (let i = 0;; i++) {
        const key = i % 3 ? `r${round}/w${worker}/${i}` : `w${worker}`;
        const bytes = crypto.getRandomValues(
          new Uint8Array(1 + (i * 7919) % 60_000),
        );
        const md5 = digest(bytes);
        const digests = possible.get(key) ?? new Set(["none"]);
        possible.set(key, digests.add(md5));
        try {
          await client.put(`/demo/run/${key}`, bytes);
        } catch (error) {
          if (error instanceof TypeError) return;
          throw error;
        }
        possible.set(key, new Set([md5]));
        acknowledged++;
      }
    });
    await waitFor(
      "some uploads",
      () => acknowledged > 20 + round * 13 || undefined,
    );
    await server.kill();
    await Promise.all(work);
  }
  await using server = await startServer({ dataDir: dir.path, port: 0 });
  const client = connect(server.url, apiKey);
  assert(possible.size > 100);
  for (const [key, digests] of possible) {
    const response = await client.get("/apis/v1/objects", {
      path: `/demo/run/${key}`,
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const found = response.status === 404 ? "none" : digest(bytes);
    assert(
      digests.has(found),
      `${key}: ${response.status}, ${bytes.length} bytes`,
    );
    if (found !== "none") {
      assertEquals(response.headers.get("etag"), `"${found}"`);
    }
  }
  assertEquals([...Deno.readDirSync(join(dir.path, "tmp"))], []);
});

Deno.test("memory does not depend on the length of an object, up or down", async () => {
  using dir = tempDir();
  await using server = await startChildServer(dir.path);
  const client = connect(server.url, server.apiKey ?? "");
  await client.make("/demo/run", "Run");
  const path = "/demo/run/big";
  await client.put(path, "warm up");
  await client.read(path);
  const before = server.peakMemoryBytes();
  const content = new Uint8Array(192 * 2 ** 20);
  for (let i = 0; i < content.length; i += 4096) content[i] = i >> 12;
  const { checksum } = await client.put(path, content);
  assertEquals(checksum, createHash("md5").update(content).digest("hex"));
  const download = await client.get("/apis/v1/objects", { path });
  const back = createHash("md5");
  for await (const bytes of download.body ?? []) back.update(bytes);
  assertEquals(back.digest("hex"), checksum);
  const grown = server.peakMemoryBytes() - before;
  assert(grown < content.length / 2, `the server grew by ${grown} bytes`);
});
