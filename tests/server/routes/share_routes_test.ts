import { assertEquals } from "@std/assert";
import {
  type Call,
  type Fixture,
  form,
  openFixture,
} from "../support/fixture.ts";

const SHARES = "/apis/v1/nodes/shares";
const eve = { user: "eve" } as const;

function share(
  server: Fixture,
  node: string,
  permission: string,
  user = "eve",
): Promise<unknown> {
  return server.json(`POST ${SHARES}`, { json: { node, user, permission } });
}

/** What eve may do with a node. */
async function right(server: Fixture, node: string): Promise<string> {
  const call: Call = { ...eve, query: { node } };
  const response = await server.call("GET /apis/v1/nodes/info", call);
  const text = await response.text();
  return response.ok ? JSON.parse(text).permission : text;
}

Deno.test("a node's shares are set, changed and taken away, one by one or all at once", async () => {
  using server = openFixture();
  server.store.users.add("zoe");
  const node = await server.make("/demo/f", "Folder");
  const get = () => server.json(`GET ${SHARES}`, { query: { node } });
  assertEquals(await get(), { shares: [], inherited: [] });
  const zoe = { user: "zoe", permission: "edit" };
  const all = { user: "*", permission: "view" };
  await share(server, node, "view");
  await share(server, node, "edit", "zoe");
  await share(server, node, "edit");
  const shares = [{ user: "eve", permission: "edit" }, zoe];
  assertEquals(await get(), { shares, inherited: [] });
  assertEquals(
    await server.json(`PUT ${SHARES}`, { json: { node, shares: [zoe, all] } }),
    { shares: [all, zoe], inherited: [] },
  );
  for (let i = 0; i < 2; i++) {
    assertEquals(
      await server.json(`DELETE ${SHARES}`, { json: { node, user: "*" } }),
      { shares: [zoe], inherited: [] },
    );
  }
  await server.make("/demo/f/g", "Folder");
  const run = await server.make("/demo/f/g/run", "Run");
  await share(server, "/demo/f/g", "view", "*");
  await share(server, run, "edit");
  assertEquals(
    await server.json(`GET ${SHARES}`, { query: { node: run } }),
    {
      shares: [{ user: "eve", permission: "edit" }],
      inherited: [
        { path: "/demo/f/g", ...all },
        { path: "/demo/f", ...zoe },
      ],
    },
  );
});

Deno.test("a share that is not possible is refused, and none of its request is done", async () => {
  using server = openFixture();
  const node = await server.make("/demo/f", "Folder");
  await share(server, node, "view");
  const good = { user: "*", permission: "edit" };
  const table: [unknown, string][] = [
    [
      { user: "nobody", permission: "view" },
      'invalid share: there is no user "nobody"',
    ],
    [{ user: "", permission: "view" }, 'invalid share: there is no user ""'],
    [
      { user: "demo", permission: "view" },
      `invalid share: the node is "demo"'s own`,
    ],
    [
      { user: "eve", permission: "own" },
      'invalid share: its permission must be "view" or "edit"',
    ],
    [{ user: "eve" }, 'invalid body: "permission" is missing'],
    [{ permission: "view" }, 'invalid body: "user" is missing'],
  ];
  for (const [wrong, text] of table) {
    assertEquals(
      await server.text(`PUT ${SHARES}`, {
        json: { node, shares: [good, wrong] },
      }),
      `400 ${text}`,
    );
    assertEquals(
      await server.text(`POST ${SHARES}`, {
        json: { node, ...wrong as object },
      }),
      `400 ${text}`,
    );
  }
  for (let i = 0; i <= 256; i++) {
    if (i > 0) server.store.users.add(`u${i}`);
  }
  const many = Array.from({ length: 256 }, (_, i) => ({
    user: `u${i + 1}`,
    permission: "view",
  }));
  assertEquals(
    await server.text(`PUT ${SHARES}`, {
      json: { node, shares: [...many, good] },
    }),
    "400 invalid shares: a node may be shared with 256 users",
  );
  const { shares } = await server.json(`GET ${SHARES}`, { query: { node } });
  assertEquals(shares, [{ user: "eve", permission: "view" }]);
  const most = await server.json(`PUT ${SHARES}`, {
    json: { node, shares: many },
  });
  assertEquals(most.shares.length, 256);
});

Deno.test("a share holds for all below, the strongest counts, and what is taken away is gone at once", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  await server.make("/demo/f/g", "Folder");
  const run = await server.make("/demo/f/g/run", "Run");
  const beside = await server.make("/demo/beside", "Run");
  const rights = async () => [
    await right(server, "/demo"),
    await right(server, "/demo/f"),
    await right(server, run),
    await right(server, beside),
  ];
  const no = "permission denied";
  const unseen = `node not found [${beside}]`;
  await share(server, "/demo/f", "view");
  assertEquals(await rights(), [no, "view", "view", unseen]);
  await share(server, run, "edit", "*");
  assertEquals(await rights(), [no, "view", "edit", unseen]);
  await share(server, "/demo/f", "edit");
  await share(server, run, "view", "*");
  assertEquals(await rights(), [no, "edit", "edit", unseen]);
  const remove = (node: string, user: string) =>
    server.json(`DELETE ${SHARES}`, { json: { node, user } });
  await remove("/demo/f", "eve");
  assertEquals(await rights(), [no, no, "view", unseen]);
  await remove(run, "*");
  assertEquals(await right(server, run), `node not found [${run}]`);
  await share(server, "/demo", "view");
  assertEquals(await rights(), ["view", "view", "view", "view"]);
});

Deno.test("what is moved into a shared folder or out of it is shared or not at once", async () => {
  using server = openFixture();
  const shared = await server.make("/demo/shared", "Folder");
  const run = await server.make("/demo/run", "Run");
  await share(server, shared, "view");
  const move = (parent: string) =>
    server.json("PUT /apis/v1/nodes", { json: { node: run, parent } });
  const unseen = `node not found [${run}]`;
  for (let i = 0; i < 2; i++) {
    assertEquals(await right(server, run), unseen);
    await move(shared);
    assertEquals(await right(server, run), "view");
    await move("/demo");
  }
  await share(server, run, "edit");
  await move(shared);
  assertEquals(await right(server, run), "edit");
  await move("/demo");
  assertEquals(await right(server, run), "edit");
});

Deno.test("who owns a node may give it away to a folder of another, with all below and without its shares", async () => {
  using server = openFixture();
  const box = await server.json("POST /apis/v1/nodes", {
    ...eve,
    json: { parent: "/eve", name: "box", type: "Folder" },
  });
  const folder = await server.make("/demo/f", "Folder");
  const run = await server.make("/demo/f/run", "Run");
  await server.put("/demo/f/run/x", "x");
  await share(server, run, "view", "*");
  const move = (call: Call = {}) =>
    server.text("PUT /apis/v1/nodes", {
      json: { node: folder, parent: box.id },
      ...call,
    });
  assertEquals(await move(), `404 node not found [${box.id}]`);
  await server.json(`POST ${SHARES}`, {
    ...eve,
    json: { node: box.id, user: "demo", permission: "edit" },
  });
  await share(server, folder, "edit");
  assertEquals(await move(eve), "403 permission denied");
  assertEquals((await move()).slice(0, 4), "200 ");
  for (const node of [folder, run]) {
    assertEquals(await right(server, node), "own");
    assertEquals(
      (await server.json(`GET ${SHARES}`, { ...eve, query: { node } })).shares,
      [],
    );
  }
  const { path, permission } = await server.json("GET /apis/v1/nodes/info", {
    query: { node: run },
  });
  assertEquals([path, permission], ["/eve/box/f/run", "edit"]);
  const query = { path: "/eve/box/f/run/x" };
  assertEquals(await server.text("GET /apis/v1/objects", { query }), "200 x");
});

Deno.test("what an editor makes in a shared folder belongs to the owner of the folder", async () => {
  using server = openFixture();
  await server.make("/demo/f", "Folder");
  await share(server, "/demo/f", "edit");
  const made = await server.json("POST /apis/v1/nodes", {
    ...eve,
    json: { parent: "/demo/f", name: "run", type: "Run" },
  });
  assertEquals([made.editor, made.permission], ["eve", "edit"]);
  await server.json("POST /apis/v1/objects", {
    ...eve,
    query: { path: "/demo/f/run/x" },
    body: form("x"),
  });
  const seen = await server.json("GET /apis/v1/nodes/info", {
    query: { node: made.id },
  });
  assertEquals([seen.editor, seen.permission], ["eve", "own"]);
  await server.json("DELETE /apis/v1/nodes", {
    ...eve,
    json: { node: "/demo/f/run" },
  });
  assertEquals(
    await server.text("DELETE /apis/v1/nodes", {
      ...eve,
      json: { node: "/demo/f" },
    }),
    "403 permission denied",
  );
});

Deno.test("nodes/shared lists what others share with me, nodes/public what is shared with everyone", async () => {
  using server = openFixture();
  const list = async (which: string, call: Call = {}) => {
    const page = await server.json(`GET /apis/v1/nodes/${which}`, call);
    return [
      page.pagination.total,
      page.data?.map((node: { path: string; permission: string }) =>
        `${node.path} ${node.permission}`
      ) ?? null,
    ];
  };
  assertEquals(await list("shared", eve), [0, null]);
  for (const name of ["b", "a"]) {
    await server.make(`/demo/${name}`, "Folder", { labels: [name] });
    await server.make(`/demo/${name}/run`, "Run");
    await share(server, `/demo/${name}`, name === "a" ? "edit" : "view");
  }
  await share(server, "/demo/a/run", "view");
  await share(server, "/demo/b/run", "view", "*");
  assertEquals(await list("shared", eve), [3, [
    "/demo/a edit",
    "/demo/b view",
    "/demo/a/run edit",
  ]]);
  assertEquals(await list("shared", { ...eve, query: { type: "Run" } }), [1, [
    "/demo/a/run edit",
  ]]);
  assertEquals(
    await list("shared", { ...eve, query: { label: "b", sort: "-name" } }),
    [1, ["/demo/b view"]],
  );
  assertEquals(
    await list("shared", { ...eve, query: { size: "1", page: "2" } }),
    [3, ["/demo/b view"]],
  );
  assertEquals(await list("shared"), [0, null]);
  assertEquals(await list("public", eve), [1, ["/demo/b/run view"]]);
  assertEquals(await list("public"), [1, ["/demo/b/run own"]]);
});

Deno.test("the shares of a user who is removed go too, and do not come back with the name", async () => {
  using server = openFixture();
  const node = await server.make("/demo/f", "Folder");
  server.store.users.add("zoe");
  await share(server, node, "edit", "zoe");
  server.store.users.forget("zoe");
  server.store.users.add("zoe");
  assertEquals(
    await server.json(`GET ${SHARES}`, { query: { node } }),
    { shares: [], inherited: [] },
  );
});

Deno.test("an upload or an append whose right is taken away while it arrives is refused and leaves nothing", async () => {
  using server = openFixture();
  await server.make("/demo/run", "Run");
  await server.put("/demo/run/x", "old");
  const query = { path: "/demo/run/x" };
  const encoded = new Response(form("late"));
  const type = encoded.headers.get("content-type") ?? "";
  const whole = new Uint8Array(await encoded.arrayBuffer());
  const append = {
    "content-type": "application/offset+octet-stream",
    "upload-offset": "3",
  };
  const table: [string, Uint8Array, Record<string, string>][] = [
    ["POST", whole, { "content-type": type }],
    ["PATCH", new Uint8Array(10), append],
    ["PATCH", new Uint8Array(1_000_000), append],
  ];
  for (const [method, bytes, headers] of table) {
    await share(server, "/demo/run", "edit");
    const body = ReadableStream.from((async function* () {
      yield bytes.slice(0, -1);
      await share(server, "/demo/run", "view");
      yield bytes.slice(-1);
    })());
    assertEquals(
      await server.text(`${method} /apis/v1/objects`, {
        ...eve,
        ...{ query, headers, body },
      }),
      "403 permission denied",
    );
    assertEquals(server.files().length, 1);
    assertEquals(
      await server.text("GET /apis/v1/objects", { query }),
      "200 old",
    );
  }
});

Deno.test("to copy nothing to a node takes the same right as to copy something", async () => {
  using server = openFixture();
  await server.make("/demo/empty", "Run");
  await server.make("/demo/run", "Run");
  const json = { from: "/demo/empty", to: "/demo/run" };
  const copy = (call: Call = {}) =>
    server.text("POST /apis/v1/objects/copy", { json, ...call });
  for (const node of ["/demo/empty", "/demo/run"]) {
    await share(server, node, "view");
  }
  assertEquals(await copy(eve), "403 permission denied");
  assertEquals(await copy(), '200 {"copied":0,"size_bytes":0}');
});
