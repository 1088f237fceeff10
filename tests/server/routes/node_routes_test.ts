import { assertEquals, assertMatch } from "@std/assert";
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
