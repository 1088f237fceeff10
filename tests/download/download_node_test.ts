import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { createHash } from "node:crypto";
import { join } from "@std/path";
import { AIStoreClient } from "../../src/aistore/client.ts";
import type { AIStoreNode } from "../../src/aistore/protocol.ts";
import { downloadNode } from "../../src/download/download_node.ts";
import { ConnectionError, DownloadError } from "../../src/errors.ts";
import { stateDir } from "../../src/local/layout.ts";
import type { Reporter } from "../../src/reporter.ts";
import { filesOf } from "../support/em_server.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { tempDir } from "../support/temp_dir.ts";

const silent: Reporter = { info: () => {}, warn: () => {} };
const NAME = "cnn_261123_082118_6fauz3";
const KEY = "00000000-0000-0000-0000-000000000000";

/** An object as a server that can lie has it. */
interface Served {
  readonly key: unknown;
  readonly body?: string;
  /** What the listing says instead of the truth. */
  readonly listed?: Readonly<Record<string, unknown>>;
}

const METADATA: Served = { key: "metadata.yaml", body: "kind: Run\n" };

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Serves a node's listing and objects as told. */
function serve(objects: readonly Served[]) {
  const listing = objects.map(({ key, body = "x", listed }) => ({
    path: key,
    size_bytes: new TextEncoder().encode(body).length,
    checksum: md5(body),
    ...listed,
  }));
  return (request: Request): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname.endsWith("/ls")) {
      const pagination = { page: 1, size: 1000, total: listing.length };
      return Promise.resolve(Response.json({ pagination, data: listing }));
    }
    const key = url.searchParams.get("path")?.slice("/demo/cnn/".length);
    const found = objects.find((object) => object.key === key);
    return Promise.resolve(
      new Response(found === undefined ? null : found.body ?? "x", {
        status: found === undefined ? 404 : 200,
      }),
    );
  };
}

function node(extra: unknown = { alternativeName: NAME }): AIStoreNode {
  return {
    description: "",
    editor: "demo",
    extra: typeof extra === "string" ? extra : JSON.stringify(extra),
    id: "a46ce04a-fdf4-4666-86f7-59fff0d0a5c0",
    labels: [],
    modifiedTimestamp: "",
    name: "cnn",
    path: "/demo/cnn",
    permission: "own",
    storageType: 2,
    type: "Run",
  };
}

/** A download of the node by a client of its own. */
function download(
  host: string,
  into: string,
  options: { readonly node?: AIStoreNode; readonly signal?: AbortSignal } = {},
) {
  return downloadNode({
    client: new AIStoreClient({ host, apiKey: KEY }),
    node: node(),
    into,
    reporter: silent,
    pauseMs: () => 1,
    ...options,
  });
}

/** All paths below a directory, the state directory's but for the lock and empty directories. */
function all(dir: string): string[] {
  return [...filesOf(dir).keys()].filter((path) => !path.endsWith(".lock"));
}

Deno.test("downloadNode() brings every object, byte for byte, and says it was not there before", async () => {
  const objects: Served[] = [
    METADATA,
    { key: "metrics/train.yaml", body: "- value: {}\n" },
    { key: "学 习/a b.c", body: "\u0000\u0001ÿ" },
    { key: "empty", body: "" },
    { key: "..a/...", body: "dots" },
    {
      key: "parts.bin",
      body: "abc",
      listed: { checksum: `${"0".repeat(32)}-3` },
    },
  ];
  await using server = await startFaultyServer({ handler: serve(objects) });
  using dir = tempDir();
  const first = await download(server.url, join(dir.path, "runs"));
  assertEquals(first, { dir: join(dir.path, "runs", NAME), isNew: true });
  assertEquals(
    filesOf(first.dir),
    new Map(
      objects.map(({ key, body = "" }) => [`${key}`, body]).sort() as [
        string,
        string,
      ][],
    ),
  );
  const again = await download(server.url, join(dir.path, "runs"));
  assertEquals(again.isNew, false);
});

Deno.test("downloadNode() refuses a hostile server before anything is written", async () => {
  const table: readonly (readonly [Served[], RegExp])[] = [
    [[{ key: "../../x" }], /"\.\.\/\.\.\/x".*it holds "\.\."/],
    [[{ key: "a/../../x" }], /it holds "\.\."/],
    [[{ key: "/etc/passwd" }], /absolute/],
    [[{ key: "a//b" }], /empty segment/],
    [[{ key: "" }], /empty segment/],
    [[{ key: "a/" }], /empty segment/],
    [[{ key: "./a" }], /it holds "\."/],
    [[{ key: "a\0b" }], /NUL/],
    [[{ key: "..\\x" }], /backslash/],
    [[{ key: "sub/NUL.txt" }], /device/],
    [[{ key: "a".repeat(256) }], /255/],
    [[{ key: "\ud800" }], /well-formed/],
    [[{ key: "a" }, { key: "a" }], /object "a" of .* lists it twice/],
    [[{ key: "a" }, { key: "a/b" }], /object "a" of .* beside object "a\/b"/],
    [[{ key: "a/b/c" }, { key: "a" }], /object "a" of .* beside/],
    [[{ key: 7 }], /without a key/],
    [[{ key: null }], /without a key/],
    [[{ key: "a", listed: { size_bytes: -1 } }], /its size is given as -1/],
    [[{ key: "a", listed: { size_bytes: "1" } }], /its size is given as "1"/],
    [[{ key: "a", listed: { checksum: null } }], /its checksum is given as/],
    [[{ key: "a", listed: { checksum: "zz" } }], /its checksum is given as/],
  ];
  for (const [objects, why] of table) {
    await using server = await startFaultyServer({
      handler: serve([METADATA, ...objects]),
    });
    using dir = tempDir();
    const error = await assertRejects(
      () => download(server.url, join(dir.path, "runs")),
      DownloadError,
    );
    assertMatch(error.message, why);
    assertEquals([...Deno.readDirSync(dir.path)], [], error.message);
  }
});

Deno.test("downloadNode() refuses a node without metadata.yaml, or whose alternative name is none", async () => {
  const extras = [
    { alternativeName: "../../pwned" },
    { alternativeName: "a/b" },
    { alternativeName: "/abs" },
    { alternativeName: "a\\b" },
    { alternativeName: "" },
    { alternativeName: ".." },
    { alternativeName: ".state" },
    { alternativeName: "con" },
    { alternativeName: 7 },
    "not json",
    "null",
    "",
  ];
  await using server = await startFaultyServer({ handler: serve([METADATA]) });
  for (const extra of extras) {
    using dir = tempDir();
    const error = await assertRejects(
      () => download(server.url, join(dir.path, "a"), { node: node(extra) }),
      DownloadError,
    );
    assertMatch(error.message, /alternative name/);
    assertEquals([...Deno.readDirSync(dir.path)], []);
  }
  await using empty = await startFaultyServer({ handler: serve([]) });
  using dir = tempDir();
  const error = await assertRejects(
    () => download(empty.url, dir.path),
    DownloadError,
  );
  assertMatch(error.message, /has no metadata\.yaml/);
});

Deno.test("downloadNode() refuses objects that are not what the listing says, and leaves nothing that looks whole", async () => {
  const table: readonly (readonly [Served, RegExp])[] = [
    [
      { key: "a", body: "long", listed: { size_bytes: 2 } },
      /object "a" of "\/demo\/cnn": it is longer than the 2 bytes/,
    ],
    [
      { key: "a", body: "long", listed: { size_bytes: 9 } },
      /4 bytes came, and the server lists 9/,
    ],
    [
      { key: "a", body: "long", listed: { checksum: md5("gnol") } },
      /its MD5 is/,
    ],
  ];
  for (const [object, why] of table) {
    await using server = await startFaultyServer({
      handler: serve([METADATA, object]),
    });
    using dir = tempDir();
    const error = await assertRejects(
      () => download(server.url, dir.path),
      DownloadError,
    );
    assertMatch(error.message, why);
    assertEquals(error.object, "a");
    assertEquals([...Deno.readDirSync(dir.path)].map((e) => e.name), [
      ".state",
    ]);
    assert(!all(dir.path).some((path) => path.endsWith("/a")));
  }
});

Deno.test("downloadNode() ends an endless body", async () => {
  const honest = serve([METADATA, { key: "a", body: "x" }]);
  let pulled = 0;
  await using server = await startFaultyServer({
    handler: (request) =>
      request.url.includes("%2Fa&")
        ? Promise.resolve(
          new Response(
            new ReadableStream({
              pull(controller) {
                pulled++;
                controller.enqueue(new Uint8Array(65_536));
              },
            }),
          ),
        )
        : honest(request),
  });
  using dir = tempDir();
  await assertRejects(() => download(server.url, dir.path), DownloadError);
  assert(pulled < 1000, `${pulled}`);
});

Deno.test("downloadNode() goes on after failures that pass, and gives up after six attempts", async () => {
  await using server = await startFaultyServer({
    handler: serve([METADATA, { key: "a", body: "x".repeat(100_000) }]),
  });
  let failures = 0;
  server.script = ({ index }) => {
    if (index % 2 === 0) return undefined;
    failures++;
    return index % 4 === 1
      ? { kind: "answer", status: 503 }
      : { kind: "reset", when: "mid-answer" };
  };
  using dir = tempDir();
  const { isNew } = await download(server.url, dir.path);
  assert(isNew && failures > 0);

  server.script = ({ path }) =>
    path.endsWith("/ls") ? undefined : { kind: "answer", status: 503 };
  using other = tempDir();
  const before = server.requests.length;
  await assertRejects(() => download(server.url, other.path), Error, "503");
  assert(server.requests.length - before <= 1 + 2 * 6);
});

Deno.test("downloadNode() goes on for as long as every attempt brings something", async () => {
  const content = Uint8Array.from({ length: 12_000_000 }, (_, at) => at >> 9);
  const object: Served = {
    key: "big.bin",
    listed: {
      size_bytes: content.length,
      checksum: createHash("md5").update(content).digest("hex"),
    },
  };
  const honest = serve([METADATA, object]);
  const ranges: (string | null)[] = [];
  await using server = await startFaultyServer({
    handler(request) {
      if (!request.url.includes("%2Fbig.bin&")) return honest(request);
      const range = request.headers.get("range");
      ranges.push(range);
      const start = Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);
      const end = start + 1_600_000;
      const pieces = async function* () {
        yield content.slice(start, end);
        if (end >= content.length) return;
        // What was sent must be there before the connection breaks.
        await new Promise((resolve) => setTimeout(resolve, 50));
        throw new Error("broken off");
      };
      const body = ReadableStream.from(pieces());
      const last = content.length - 1;
      return Promise.resolve(
        new Response(body, {
          status: range === null ? 200 : 206,
          headers: {
            "content-length": `${content.length - start}`,
            "content-range": `bytes ${start}-${last}/${content.length}`,
          },
        }),
      );
    },
  });
  using dir = tempDir();
  const { dir: path } = await download(server.url, dir.path);
  assertEquals(Deno.readFileSync(join(path, "big.bin")), content);
  assert(ranges.length > 6, `${ranges}`);
  assertEquals(ranges.filter((range) => range === null).length, 1);
});

Deno.test("downloadNode() goes on where it stopped", async () => {
  const objects: Served[] = [METADATA];
  for (let index = 10; index < 40; index++) {
    objects.push({ key: `d/${index}`, body: `${index}`.repeat(1000) });
  }
  await using server = await startFaultyServer({ handler: serve(objects) });
  using dir = tempDir();
  const isObject = ({ path }: { path: string }) => path === "/apis/v1/objects";
  let served = 0;
  server.script = (request) =>
    isObject(request) && ++served > 12
      ? { kind: "reset", when: "mid-answer" }
      : undefined;
  await assertRejects(() => download(server.url, dir.path), ConnectionError);
  assertEquals([...Deno.readDirSync(dir.path)].map((e) => e.name), [".state"]);
  const staging = join(stateDir(join(dir.path, NAME)), "download");
  const kept = filesOf(staging).size;
  assert(kept >= 8, `${kept}`);
  // What a crash leaves: half an object, and one that is no longer there.
  Deno.writeTextFileSync(join(staging, "d/39"), "39".repeat(10));
  Deno.writeTextFileSync(join(staging, "stale"), "x");
  Deno.mkdirSync(join(staging, "d/38"));

  server.script = () => undefined;
  const before = server.requests.length;
  const { dir: path } = await download(server.url, dir.path);
  const again = server.requests.slice(before).filter(isObject).length;
  assert(again <= objects.length - kept + 1, `${again} of ${objects.length}`);
  assertEquals(
    filesOf(path),
    new Map(objects.map(({ key, body = "" }) => [`${key}`, body])),
  );
});

Deno.test("downloadNode() ends when it is aborted, with the signal's reason", async () => {
  await using server = await startFaultyServer({
    handler: serve([METADATA, { key: "a" }]),
    script: ({ path }) =>
      path === "/apis/v1/objects" ? { kind: "hang" } : undefined,
  });
  using dir = tempDir();
  const controller = new AbortController();
  const ended = assertRejects(() =>
    download(server.url, dir.path, { signal: controller.signal })
  );
  while (server.requests.length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  controller.abort(new Error("enough"));
  assertEquals((await ended as Error).message, "enough");
});

Deno.test("downloadNode() leaves a directory that is there, unless the server has something newer", async () => {
  await using server = await startFaultyServer({
    handler: (request) => current(request),
  });
  let current = serve([METADATA, { key: "a", body: "1" }]);
  using dir = tempDir();
  const { dir: path } = await download(server.url, dir.path);
  // The local copy goes on, and the server's does not.
  Deno.writeTextFileSync(join(path, "metadata.yaml"), "kind: Run # more\n");
  assertEquals((await download(server.url, dir.path)).isNew, false);
  // The local copy is uploaded.
  current = serve([{ ...METADATA, body: "kind: Run # more\n" }, {
    key: "a",
    body: "1",
  }]);
  assertEquals((await download(server.url, dir.path)).isNew, false);
  // Somebody else goes on.
  current = serve([METADATA, { key: "a", body: "2" }, { key: "b" }]);
  const error = await assertRejects(
    () => download(server.url, dir.path),
    DownloadError,
  );
  assertMatch(error.message, /is there already, and differs in a, b: load/);
  assertEquals(
    Deno.readTextFileSync(join(path, "metadata.yaml")),
    "kind: Run # more\n",
  );
});

Deno.test("downloadNode() is done by one at a time, and the others wait for it", async () => {
  await using server = await startFaultyServer({
    handler: serve([METADATA]),
    script: ({ path }) =>
      path === "/apis/v1/objects" ? { kind: "delay", ms: 300 } : undefined,
  });
  using dir = tempDir();
  const all = await Promise.all(
    [1, 2, 3].map(() => download(server.url, dir.path)),
  );
  assertEquals(all.map(({ isNew }) => isNew).sort(), [false, false, true]);
  const fetched = server.requests.filter(({ path }) =>
    path === "/apis/v1/objects"
  );
  assertEquals(fetched.length, 1);
  assertEquals(filesOf(join(dir.path, NAME)).size, 1);
});
