import { assert, assertEquals } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

Deno.test("PUT nodes renames a folder with all that is below it", async () => {
  using server = openFixture();
  const id = await server.make("/demo/a", "Folder");
  const run = await server.make("/demo/a/run", "Run");
  await server.make("/demo/taken", "Folder");
  await server.put("/demo/a/run/x.txt", "x");
  server.time = new Date("2027-01-01T00:00:00Z");
  const renamed = await server.json("PUT /apis/v1/nodes", {
    json: { node: "/demo/a", name: "b" },
  });
  assertEquals([renamed.id, renamed.path], [id, "/demo/b"]);
  assertEquals(renamed.modifiedTimestamp, "2027-01-01T00:00:00.000000Z");
  const info = await server.json("GET /apis/v1/nodes/info", {
    query: { node: run },
  });
  assertEquals(info.path, "/demo/b/run");
  const read = (path: string) =>
    server.text("GET /apis/v1/objects", { query: { path } });
  assertEquals(await read("/demo/b/run/x.txt"), "200 x");
  assertEquals(await read("/demo/a/run/x.txt"), "404 node not found [/demo/a]");

  const table: [unknown, string][] = [
    [{ node: id, name: "taken" }, "400 Invalid conflicting node Name: taken"],
    [
      { node: id, name: ".." },
      '400 invalid node name: ".." has a meaning of its own in paths',
    ],
    [
      { node: "/demo", name: "root" },
      "400 invalid node name: a user's root keeps its name",
    ],
    [{ node: "/demo/a" }, "404 node not found [/demo/a]"],
    [{ name: "c" }, '400 invalid body: "node" is missing'],
  ];
  for (const [json, wanted] of table) {
    assertEquals(await server.text("PUT /apis/v1/nodes", { json }), wanted);
  }
});

Deno.test("PUT nodes changes only what it names", async () => {
  using server = openFixture();
  const id = await server.make("/demo/a", "Run", {
    labels: ["l"],
    description: "d",
    extra: "e",
  });
  const node = await server.json("GET /apis/v1/nodes/info", {
    query: { node: id },
  });
  const changes = [
    { labels: ["z", "b"] },
    { description: "" },
    { extra: "E" },
    { name: "a" },
  ];
  let wanted = node;
  for (const change of changes) {
    wanted = { ...wanted, ...change };
    if (wanted.labels) wanted.labels = [...wanted.labels].sort();
    assertEquals(
      await server.json("PUT /apis/v1/nodes", {
        json: { node: id, ...change },
      }),
      wanted,
    );
  }
});

Deno.test("DELETE nodes deletes everything below with its bytes", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Folder");
  const run = await server.make("/demo/a/run", "Run");
  const other = await server.make("/demo/other", "Run");
  await server.put("/demo/a/run/x.txt", "x");
  await server.put("/demo/other/y.txt", "y");
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: run, to: other }] },
  });
  await server.json("POST /apis/v1/objects/multipart", {
    query: { path: "/demo/a/run/big" },
  });
  assertEquals(server.files().length, 2);

  const response = await server.call("DELETE /apis/v1/nodes", {
    json: { node: "/demo/a" },
  });
  assert(response.ok);
  assertEquals(server.files().length, 1);
  assertEquals(
    await server.text("GET /apis/v1/nodes/info", { query: { node: run } }),
    `404 node not found [${run}]`,
  );
  assertEquals(
    await server.json("GET /apis/v1/graphs", { query: { current: other } }),
    { in: [], out: [] },
  );
  assertEquals(
    await server.text("DELETE /apis/v1/nodes", { json: { node: "/demo/a" } }),
    "404 node not found [/demo/a]",
  );
  assertEquals(
    await server.text("DELETE /apis/v1/nodes", { json: { node: "/demo" } }),
    "400 invalid node: a user's root cannot be deleted",
  );
});

Deno.test("PUT nodes moves a node with all that is below it", async () => {
  using server = openFixture();
  await server.make("/demo/a", "Folder");
  const inner = await server.make("/demo/a/inner", "Folder");
  const run = await server.make("/demo/a/inner/run", "Run");
  const b = await server.make("/demo/b", "Folder");
  await server.put("/demo/a/inner/run/x", "x");
  const put = (json: unknown) => server.text("PUT /apis/v1/nodes", { json });
  const pathOf = async (node: string) =>
    (await server.json("GET /apis/v1/nodes/info", { query: { node } })).path;
  const moved = await server.json("PUT /apis/v1/nodes", {
    json: { node: inner, parent: "/demo/b" },
  });
  assertEquals([moved.id, moved.path], [inner, "/demo/b/inner"]);
  assertEquals(await pathOf(run), "/demo/b/inner/run");
  assertEquals(
    await server.text("GET /apis/v1/objects", {
      query: { path: "/demo/b/inner/run/x" },
    }),
    "200 x",
  );
  await server.json("PUT /apis/v1/nodes", {
    json: { node: inner, parent: "/demo", name: "renamed" },
  });
  assertEquals(await pathOf(run), "/demo/renamed/run");

  await server.make("/demo/b/taken", "Run");
  const below = "400 invalid parent: it is the node itself, or is below it";
  const table: [unknown, string][] = [
    [{ node: inner, parent: inner }, below],
    [{ node: "/demo/b", parent: "/demo/b" }, below],
    [
      { node: inner, parent: run },
      below,
    ],
    [
      { node: b, parent: run },
      '400 invalid parent: "run" is not a Folder',
    ],
    [
      { node: inner, parent: b, name: "taken" },
      "400 Invalid conflicting node Name: taken",
    ],
    [
      { node: inner, parent: "/demo/gone" },
      "404 node not found [/demo/gone]",
    ],
    [{ node: inner, parent: "/eve" }, "403 permission denied"],
    [
      { node: "/demo", parent: b },
      "400 invalid parent: a user's root cannot be moved",
    ],
    [{ node: inner, parent: 1 }, '400 invalid body: "parent" must be a text'],
  ];
  for (const [json, wanted] of table) {
    assertEquals(await put(json), wanted, JSON.stringify(json));
  }
  const same = await server.json("PUT /apis/v1/nodes", {
    json: { node: inner, parent: "/demo", name: "renamed" },
  });
  assertEquals(same.path, "/demo/renamed");
});

Deno.test("a move makes no tree too deep", async () => {
  using server = openFixture();
  let deep = "/demo";
  for (let depth = 1; depth < 62; depth++) {
    deep += "/d";
    await server.make(deep, "Folder");
  }
  await server.make("/demo/two", "Folder");
  await server.make("/demo/two/run", "Run");
  await server.make("/demo/three", "Folder");
  await server.make("/demo/three/two", "Folder");
  await server.make("/demo/three/two/run", "Run");
  const move = (node: string) =>
    server.text("PUT /apis/v1/nodes", { json: { node, parent: deep } });
  assertEquals(
    await move("/demo/three"),
    "400 invalid parent: folders may be 64 deep",
  );
  assertEquals((await move("/demo/two")).slice(0, 4), "200 ");
});
