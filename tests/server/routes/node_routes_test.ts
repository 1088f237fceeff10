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

Deno.test("names, labels, description and extra have limits, in POST and in PUT", async () => {
  using server = openFixture();
  const node = await server.make("/demo/run", "Run");
  const many = (count: number) =>
    Array.from({ length: count }, (_, i) => `${i}`);
  const fits = {
    name: "é".repeat(255),
    labels: [...many(255), "l".repeat(256)],
    description: "é".repeat(128 * 1024),
    extra: "e".repeat(64 * 1024),
  };
  const table: [Record<string, unknown>, string][] = [
    [
      { name: "n".repeat(256) },
      "invalid node name: it has 256 characters, 255 are allowed",
    ],
    [{ labels: many(257) }, "invalid labels: there are 257, 256 are allowed"],
    [
      { labels: ["l".repeat(257)] },
      "invalid label: it has more than 256 characters",
    ],
    [
      { description: `${fits.description}x` },
      "invalid description: it has 262145 bytes, 262144 are allowed",
    ],
    [
      { extra: `${fits.extra}x` },
      "invalid extra: it has 65537 bytes, 65536 are allowed",
    ],
    ...["\n", "\u0085", "\u2028", "\u202e", "\u2066"].map((
      char,
    ): [Record<string, unknown>, string] => [
      { name: `a${char}b` },
      'invalid node name: it holds "/" or a character that cannot be printed',
    ]),
  ];
  for (const [wrong, text] of table) {
    const made = { parent: "/demo", name: "x", type: "Run", ...wrong };
    for (
      const [method, json] of [["POST", made], ["PUT", { node, ...wrong }]]
    ) {
      assertEquals(
        await server.text(`${method} /apis/v1/nodes`, { json }),
        `400 ${text}`,
      );
    }
  }
  await server.json("PUT /apis/v1/nodes", { json: { node, ...fits } });
  await server.json("DELETE /apis/v1/nodes", { json: { node } });
  const made = await server.json("POST /apis/v1/nodes", {
    json: { parent: "/demo", type: "Run", ...fits },
  });
  assertEquals(
    [made.name, made.labels.length, made.description, made.extra],
    [fits.name, 256, fits.description, fits.extra],
  );
});

Deno.test("GET nodes searches, filters by several types and labels, and sorts", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  const nodes: [string, string, string[], string][] = [
    ["Beta", "Run", ["CNN", "mnist"], ""],
    ["alpha", "Run", ["CNN"], "100% of_the data"],
    ["Über", "Artifact", ["mnist"], "ein BETA-Test"],
    ["zoo", "Folder", [], ""],
    ["gamma", "Folder", ["CNN", "mnist", "x"], ""],
  ];
  for (const [index, [name, type, labels, description]] of nodes.entries()) {
    server.time = new Date(Date.UTC(2027, 0, 1, 0, 0, 9 - index));
    await server.make(`/demo/f/${name}`, type, { labels, description });
  }
  const names = async (...query: [string, string][]) => {
    const parameters = new URLSearchParams([["parent", "/demo/f"], ...query]);
    const { data, pagination } = await server.json(
      `GET /apis/v1/nodes?${parameters}`,
    );
    assertEquals(pagination.total, data?.length ?? 0);
    return data?.map(({ name }: { name: string }) => name).join(" ") ?? "";
  };
  const table: [[string, string][], string][] = [
    [[], "Beta alpha gamma zoo Über"],
    [
      [["sort", ""], ["type", ""], ["label", ""], ["search", ""]],
      "Beta alpha gamma zoo Über",
    ],
    [[["sort", "-name"]], "Über zoo gamma alpha Beta"],
    [[["sort", "modified"]], "gamma zoo Über alpha Beta"],
    [[["sort", "-modified"]], "Beta alpha Über zoo gamma"],
    [[["sort", "type"]], "gamma zoo Über Beta alpha"],
    [[["sort", "-type"]], "Beta alpha Über gamma zoo"],
    [[["type", "Run"], ["type", "Artifact"]], "Beta alpha Über"],
    [[["label", "mnist"], ["label", "CNN"]], "Beta gamma"],
    [[["label", "cnn"]], ""],
    [[["search", "beta"]], "Beta Über"],
    [[["search", "ALPHA"]], "alpha"],
    [[["search", "Ü"]], "Über"],
    [[["search", "cnn"]], "Beta alpha gamma"],
    [[["search", "0% of_"]], "alpha"],
    [[["search", "%"]], "alpha"],
    [[["search", '"']], ""],
    [[["search", "beta"], ["type", "Run"], ["label", "mnist"]], "Beta"],
  ];
  for (const [query, wanted] of table) {
    assertEquals(await names(...query), wanted, JSON.stringify(query));
  }
  const refused: [[string, string][], string][] = [
    [
      [["sort", "size"]],
      '"sort" must be one of name, -name, modified, -modified, type, -type',
    ],
    [[["search", "s".repeat(257)]], '"search" may have 256 characters'],
    [
      Array.from({ length: 33 }, () => ["label", "x"]),
      '"label" may be named 32 times',
    ],
  ];
  for (const [query, text] of refused) {
    const parameters = new URLSearchParams([["parent", "/demo/f"], ...query]);
    assertEquals(
      await server.text(`GET /apis/v1/nodes?${parameters}`),
      `400 invalid query: ${text}`,
    );
  }
});

Deno.test("pages never overlap, and hold every node once, in every order", async () => {
  using server = openFixture();
  for (let i = 0; i < 25; i++) {
    server.time = new Date(Date.UTC(2027, 0, 1 + i % 3));
    await server.make(`/demo/${"edcba"[i % 5]}${i}`, i % 2 ? "Run" : "Folder");
  }
  for (const by of ["name", "modified", "type"]) {
    for (const sort of [by, `-${by}`]) {
      const seen: string[] = [];
      for (let page = 1; page <= 7; page++) {
        const query = { parent: "/demo", sort, size: "4", page: `${page}` };
        const { data } = await server.json("GET /apis/v1/nodes", { query });
        seen.push(...data.map(({ id }: { id: string }) => id));
      }
      assertEquals([seen.length, new Set(seen).size], [25, 25], sort);
    }
  }
});

Deno.test("a shortcut leads to its target wherever that goes, gives no right, and outlives it", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  const run = await server.make("/demo/run", "Run");
  const extra = JSON.stringify({ target: run });
  const shortcut = await server.make("/demo/s", "Shortcut", { extra });
  const follow = (query = {}, call = {}) =>
    server.text("GET /apis/v1/nodes/info", {
      query: { node: shortcut, follow: "true", ...query },
      ...call,
    });
  const info = (node: string) =>
    server.json("GET /apis/v1/nodes/info", { query: { node } });
  const seen = await info(shortcut);
  assertEquals([seen.type, seen.storageType, seen.extra], [
    "Shortcut",
    0,
    extra,
  ]);
  assertEquals(
    await follow({ follow: "false" }),
    `200 ${JSON.stringify(seen)}`,
  );
  await server.json("PUT /apis/v1/nodes", {
    json: { node: run, parent: "/demo/f", name: "moved" },
  });
  assertEquals(await follow(), `200 ${JSON.stringify(await info(run))}`);
  assertEquals(
    await follow({ node: run }),
    `200 ${JSON.stringify(await info(run))}`,
  );
  await server.json("POST /apis/v1/nodes/shares", {
    json: { node: shortcut, user: "eve", permission: "edit" },
  });
  const eve = { user: "eve" };
  assertEquals(await follow({}, eve), `404 node not found [${run}]`);

  const reasons =
    '400 invalid shortcut: its "extra" must be JSON with the id of a node, such as {"target": "<id>"}';
  const table: [string, string][] = [
    ["", reasons],
    ["null", reasons],
    ["[]", reasons],
    ['{"target": 1}', reasons],
    ['{"target": "/demo/f"}', reasons],
    ['{"target": "gone"}', "404 node not found [gone]"],
    [
      JSON.stringify({ target: shortcut }),
      "400 invalid shortcut: it leads to another shortcut",
    ],
  ];
  for (const [extra, wanted] of table) {
    const made = { parent: "/demo", name: "t", type: "Shortcut", extra };
    assertEquals(
      await server.text("POST /apis/v1/nodes", { json: made }),
      wanted,
      extra,
    );
    assertEquals(
      await server.text("PUT /apis/v1/nodes", {
        json: { node: shortcut, extra },
      }),
      wanted,
      extra,
    );
  }
  await server.json("DELETE /apis/v1/nodes", { json: { node: run } });
  assertEquals((await info(shortcut)).extra, extra);
  assertEquals(await follow(), `404 node not found [${run}]`);
  await server.json("PUT /apis/v1/nodes", {
    json: { node: shortcut, name: "dangling" },
  });
  await server.json("DELETE /apis/v1/nodes", { json: { node: shortcut } });
});
