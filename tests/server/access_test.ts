import { assert, assertEquals } from "@std/assert";
import { form, openFixture } from "./support/fixture.ts";

Deno.test("nobody reads or writes another user's tree, by path or by id", async () => {
  using server = openFixture();
  const run = await server.make("/demo/run", "Run");
  await server.put("/demo/run/x", "secret");
  const user = "eve" as const;
  const path = "/demo/run/x";
  const upload = await server.json("POST /apis/v1/objects/multipart", {
    query: { path },
  });
  const multipart = `/apis/v1/objects/multipart/${upload.uploadId}`;
  for (const node of ["/demo/run", run, "/demo", "/demo/missing", "/nobody"]) {
    const json = {
      node,
      name: "x",
      type: "Run",
      parent: node,
      graphs: [{ from: node, to: node }],
      paths: ["x"],
    };
    const calls: Promise<string>[] = [
      server.text("GET /apis/v1/nodes", { user, query: { parent: node } }),
      server.text("GET /apis/v1/nodes/info", { user, query: { node } }),
      server.text("POST /apis/v1/nodes", { user, json }),
      server.text("PUT /apis/v1/nodes", { user, json }),
      server.text("DELETE /apis/v1/nodes", { user, json }),
      server.text("GET /apis/v1/objects/ls", { user, query: { path: node } }),
      server.text("POST /apis/v1/objects/delete", { user, json }),
      server.text("GET /apis/v1/graphs", { user, query: { current: node } }),
      server.text("POST /apis/v1/graphs", { user, json }),
    ];
    // What is not there and what is not hers look the same: by path the one way, by id the other.
    const wanted = node === run
      ? `404 node not found [${run}]`
      : "403 permission denied";
    for (const answer of await Promise.all(calls)) {
      assertEquals(answer, wanted);
    }
  }
  const calls: Promise<string>[] = [
    server.text("GET /apis/v1/objects", { user, query: { path } }),
    server.text("POST /apis/v1/objects", {
      user,
      query: { path },
      body: form("evil"),
    }),
    server.text("DELETE /apis/v1/objects", { user, query: { path } }),
    server.text("POST /apis/v1/objects/multipart", { user, query: { path } }),
    server.text(`PUT ${multipart}`, {
      user,
      query: { path, partNumber: "1" },
      body: form("evil"),
    }),
    server.text(`POST ${multipart}`, {
      user,
      query: { path },
      json: { parts: [] },
    }),
    server.text(`DELETE ${multipart}`, { user, query: { path } }),
  ];
  for (const answer of await Promise.all(calls)) {
    assertEquals(answer, "403 permission denied");
  }
  assertEquals(
    await server.text("GET /apis/v1/objects", { query: { path } }),
    "200 secret",
  );
});

Deno.test("no key leads out of its node, and nothing lands outside of the data folder", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  const refused = [
    "/demo/run/../../eve/x",
    "/demo/run/a/../b",
    "/demo/run/./a",
    "/demo/run/a//b",
    "/demo/run//etc/passwd",
    "/demo/run/..\\..\\x",
    "/demo/run/a\u0000b",
    "/demo/run/",
    "/demo/run",
    "/demo/../../etc/passwd",
    "//etc/passwd",
    "demo/run/x",
    `/demo/run/${"k".repeat(1025)}`,
  ];
  for (const path of refused) {
    const answer = await server.text("POST /apis/v1/objects", {
      query: { path },
      body: form("x"),
    });
    assert(answer.startsWith("400 invalid "), `${path}: ${answer}`);
  }
  assertEquals(server.files(), []);
});

Deno.test("an object's path names the node that is missing, or the node that holds no objects", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  await server.make("/demo/model", "Model");
  await server.make("/demo/run", "Run");
  const table: [string, string][] = [
    ["/demo/f/gone/x/y", "404 node not found [/demo/f/gone]"],
    ["/demo/gone/x", "404 node not found [/demo/gone]"],
    [
      "/demo/f",
      '400 invalid node: "f" is of type Folder, which holds no set of objects',
    ],
    [
      "/demo/model/x",
      '400 invalid node: "model" is of type Model, which holds no set of objects',
    ],
    ["/demo/run/x", "404 object not found [/demo/run/x]"],
  ];
  for (const [path, wanted] of table) {
    assertEquals(
      await server.text("GET /apis/v1/objects", { query: { path } }),
      wanted,
    );
  }
});

Deno.test("a path is found by an index, however many siblings there are", async () => {
  using server = openFixture();
  await server.make("/demo/many", "Folder");
  const folder = server.store.nodes.walk(["demo", "many"])?.node;
  assert(folder);
  const body = { type: "Run", labels: [], description: "", extra: "" };
  for (let i = 0; i < 300; i++) {
    server.store.nodes.create(folder, { name: `run_${i}`, ...body }, "demo");
  }
  using database = new (await import("node:sqlite")).DatabaseSync(
    `${server.dataDir}/aistore.db`,
  );
  const plans = [
    "SELECT * FROM nodes WHERE parent_id = 'a' AND name = 'b'",
    "SELECT * FROM nodes WHERE parent_id = 'a' ORDER BY name LIMIT 10",
    "SELECT * FROM nodes WHERE parent_id IS NULL AND name = 'demo'",
  ];
  for (const sql of plans) {
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    const text = plan.map((row) => String(row.detail)).join("; ");
    assert(
      /SEARCH nodes USING INDEX/.test(text) && !/TEMP B-TREE/.test(text),
      text,
    );
  }
  assertEquals(server.store.nodes.walk(["demo", "many", "run_299"])?.rest, []);
});

Deno.test("case, Unicode look-alikes and odd encodings of a path lead to no other node", async () => {
  using server = openFixture();
  const run = await server.make("/demo/Caf\u00e9", "Run");
  await server.put("/demo/Caf\u00e9/x", "secret");
  await server.json("POST /apis/v1/nodes/shares", {
    json: { node: run, user: "eve", permission: "view" },
  });
  const others = [
    "/demo/Cafe\u0301",
    "/demo/caf\u00e9",
    "/DEMO/Caf\u00e9",
    "/demo\u0000/Caf\u00e9",
    "/demo/\uff0e\uff0e/eve",
    "/demo\uff0fCaf\u00e9",
    "/\u200bdemo/Caf\u00e9",
    "/demo/Caf\u00e9\u200b",
    "/demo/Caf\u00e9 ",
    "/demo/%43af\u00e9",
    "/demo/Caf\u00e9%00",
    "/demo/*",
    "/demo/%",
    "/demo/_afé",
    `/demo/${"x".repeat(100_000)}`,
  ];
  for (const node of others) {
    const answer = await server.text("GET /apis/v1/nodes/info", {
      user: "eve",
      query: { node },
    });
    const refused = ["403 permission denied", "400 invalid path: "];
    assert(
      refused.some((text) => answer.startsWith(text)),
      `${node} ${answer}`,
    );
  }
  assertEquals(
    await server.text("GET /apis/v1/objects", {
      user: "eve",
      query: { path: "/demo/Caf\u00e9/x" },
    }),
    "200 secret",
  );
});
