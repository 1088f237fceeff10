import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "@std/path";
import { DownloadError } from "../../src/errors.ts";
import { filesOf } from "../support/em_server.ts";
import { startFaultyServer } from "../support/faulty_server.ts";
import { tempDir } from "../support/temp_dir.ts";
import {
  all,
  download,
  md5,
  METADATA,
  NAME,
  node,
  serve,
  type Served,
} from "./support/served_node.ts";

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
