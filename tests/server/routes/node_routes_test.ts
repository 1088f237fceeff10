import { assert, assertEquals, assertMatch } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

Deno.test("POST nodes answers the node with the keys in the real server's order", async () => {
  using server = openFixture();
  await server.make("/demo/default", "Folder");
  const response = await server.call("POST /apis/v1/nodes", {
    json: {
      parent: "/demo/default",
      name: "mnist_torch",
      labels: ["torch", "CNN", "torch"],
      description: "demo 描述",
      type: "Run",
      storageType: 2,
      extra: '{"alternativeName": "a"}',
    },
  });
  const node = await response.json();
  assertEquals(response.status, 201);
  assertMatch(node.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assertEquals(Object.entries(node), [
    ["description", "demo 描述"],
    ["editor", "demo"],
    ["extra", '{"alternativeName": "a"}'],
    ["id", node.id],
    ["labels", ["CNN", "torch"]],
    ["modifiedTimestamp", "2026-11-23T08:00:00.123000Z"],
    ["name", "mnist_torch"],
    ["path", "/demo/default/mnist_torch"],
    ["permission", "own"],
    ["storageType", 2],
    ["type", "Run"],
  ]);
  for (const reference of [node.path, node.id, `${node.path}/`]) {
    const query = { node: reference };
    assertEquals(await server.json("GET /apis/v1/nodes/info", { query }), node);
  }
});

Deno.test("POST nodes refuses with the texts that clients depend on", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  await server.make("/demo/f/run", "Run");
  const good = { parent: "/demo/f", name: "x", type: "Run", labels: [] };
  const table: [unknown, string][] = [
    [{ ...good, name: "run" }, "400 Invalid conflicting node Name: run"],
    [{ ...good, parent: "/demo/no" }, "404 node not found [/demo/no]"],
    [{ ...good, parent: "/demo/no/a b" }, "404 node not found [/demo/no/a b]"],
    [{ ...good, parent: "/eve" }, "403 permission denied"],
    [{ ...good, parent: "/nobody" }, "403 permission denied"],
    [
      { ...good, parent: "/demo/f/run" },
      '400 invalid parent: "run" is not a Folder',
    ],
    [
      { ...good, type: "Table" },
      "400 invalid node type: it must be one of Folder, Shortcut, Run, Artifact, AutoTune, Model, Dataset",
    ],
    [
      { ...good, type: "toString" },
      "400 invalid node type: it must be one of Folder, Shortcut, Run, Artifact, AutoTune, Model, Dataset",
    ],
    [{ ...good, storageType: 0 }, "400 invalid storageType: a Run has 2"],
    [{ ...good, name: "" }, "400 invalid node name: it is empty"],
    [
      { ...good, name: ".." },
      '400 invalid node name: ".." has a meaning of its own in paths',
    ],
    [
      { ...good, name: "a/b" },
      '400 invalid node name: it holds "/" or a character that cannot be printed',
    ],
    [
      { ...good, name: "a\u0000" },
      '400 invalid node name: it holds "/" or a character that cannot be printed',
    ],
    [
      { ...good, name: "a".repeat(256) },
      "400 invalid node name: it has 256 characters, 255 are allowed",
    ],
    [
      { ...good, labels: "abc" },
      '400 invalid body: "labels" must be a list of texts',
    ],
    [
      { ...good, labels: [1] },
      '400 invalid body: "labels" must be a list of texts',
    ],
    [{ ...good, name: 1 }, '400 invalid body: "name" must be a text'],
    [{ ...good, name: undefined }, '400 invalid body: "name" is missing'],
    [{ ...good, parent: "relative" }, "404 node not found [relative]"],
    [
      { ...good, parent: "/" },
      '400 invalid path: it must look like "/user/folder/name"',
    ],
    [
      { ...good, parent: "/demo/../eve" },
      '400 invalid path: it must look like "/user/folder/name"',
    ],
    [[], "400 invalid body: a JSON object was expected"],
    [null, "400 invalid body: a JSON object was expected"],
  ];
  for (const [json, wanted] of table) {
    const what = "POST /apis/v1/nodes";
    assertEquals(
      await server.text(what, { json }),
      wanted,
      JSON.stringify(json),
    );
  }
  const lone = {
    body: '{"parent": "/demo", "name": "\\ud800", "type": "Run"}',
  };
  assertEquals(
    await server.text("POST /apis/v1/nodes", lone),
    '400 invalid body: "name" must be a text',
  );
  for (const body of ["", "{", "\xff"]) {
    assertEquals(
      await server.text("POST /apis/v1/nodes", { body }),
      "400 invalid body: it is not a JSON object in UTF-8",
    );
  }
  const { total } =
    (await server.json("GET /apis/v1/nodes", { query: { parent: "/demo/f" } }))
      .pagination;
  assertEquals(total, 1);
});

Deno.test("a JSON body of more than 1 MiB is refused with 413", async () => {
  using server = openFixture();
  const json = {
    parent: "/demo",
    name: "x",
    type: "Run",
    description: "d".repeat(1024 * 1024),
  };
  assertEquals(
    await server.text("POST /apis/v1/nodes", { json }),
    "413 the body is too large: 1048576 bytes are allowed",
  );
});

Deno.test("a tree has a greatest depth", async () => {
  using server = openFixture();
  let path = "/demo";
  for (let depth = 1; depth < 64; depth++) {
    path += "/d";
    await server.make(path, "Folder");
  }
  const json = { parent: path, name: "d", type: "Folder" };
  assertEquals(
    await server.text("POST /apis/v1/nodes", { json }),
    "400 invalid parent: folders may be 64 deep",
  );
  await server.json("DELETE /apis/v1/nodes", { json: { node: "/demo/d" } });
  const query = { parent: "/demo" };
  assertEquals((await server.json("GET /apis/v1/nodes", { query })).data, null);
});

Deno.test("GET nodes lists by name, page by page, and filters by type and label", async () => {
  using server = openFixture();
  const list = (query: Record<string, string>) =>
    server.json("GET /apis/v1/nodes", { query: { parent: "/demo", ...query } });
  assertEquals(await list({ type: "Folder" }), {
    pagination: { page: 1, size: 10, total: 0 },
    data: null,
  });
  for (let i = 12; i > 0; i--) {
    await server.make(
      `/demo/n${String(i).padStart(2, "0")}`,
      i % 2 ? "Run" : "Folder",
      {
        labels: i % 3 ? [] : ["third", "x"],
      },
    );
  }
  const names = async (query: Record<string, string>) => {
    const { pagination, data } = await list(query);
    return [
      pagination,
      data?.map((node: { path: string }) => node.path.slice(6)).join(" "),
    ];
  };
  assertEquals(await names({}), [
    { page: 1, size: 10, total: 12 },
    "n01 n02 n03 n04 n05 n06 n07 n08 n09 n10",
  ]);
  assertEquals(await names({ page: "2" }), [
    { page: 2, size: 10, total: 12 },
    "n11 n12",
  ]);
  assertEquals(await names({ page: "3" }), [
    { page: 3, size: 10, total: 12 },
    undefined,
  ]);
  assertEquals(await names({ size: "1000", type: "Run" }), [
    { page: 1, size: 1000, total: 6 },
    "n01 n03 n05 n07 n09 n11",
  ]);
  assertEquals(await names({ label: "third", type: "Folder" }), [
    { page: 1, size: 10, total: 2 },
    "n06 n12",
  ]);
  for (
    const query of [{ size: "0" }, { size: "1001" }, { size: "x" }, {
      page: "0",
    }, { page: "1.5" }]
  ) {
    assertMatch(
      await server.text("GET /apis/v1/nodes", {
        query: { parent: "/demo", ...query },
      }),
      /^400 invalid query: "(size|page)" must be a whole number from 1 to /,
    );
  }
  assertEquals(
    await server.text("GET /apis/v1/nodes"),
    '400 invalid query: "parent" is missing',
  );
});

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
