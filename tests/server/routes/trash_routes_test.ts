import { assert, assertEquals } from "@std/assert";
import { openFixture } from "../support/fixture.ts";

const DAY_MS = 24 * 3600 * 1000;
const trashMs = 30 * DAY_MS;

Deno.test("a deleted node is gone from every lookup, its name is free, and it can be had back as it was", async () => {
  using server = openFixture({ trashMs });
  await server.make("/demo/f", "Folder");
  const run = await server.make("/demo/f/run", "Run", { labels: ["a"] });
  const art = await server.make("/demo/art", "Artifact");
  await server.put("/demo/f/run/x", "content");
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: art, to: run }] },
  });
  const before = await server.json("GET /apis/v1/nodes/info", {
    query: { node: run },
  });
  const { uploadId } = await server.json("POST /apis/v1/objects/multipart", {
    query: { path: "/demo/f/run/y" },
  });
  assertEquals(
    await server.text("DELETE /apis/v1/nodes", {
      json: { node: "/demo/f/run" },
    }),
    "204 ",
  );
  const gone = [
    ["GET /apis/v1/nodes/info", { node: run }],
    ["GET /apis/v1/nodes/info", { node: "/demo/f/run" }],
    ["GET /apis/v1/objects", { path: "/demo/f/run/x" }],
    ["GET /apis/v1/objects/ls", { path: "/demo/f/run" }],
    ["GET /apis/v1/graphs", { current: run }],
    [`GET /apis/v1/objects/multipart/${uploadId}`, { path: "/demo/f/run/y" }],
  ] as const;
  for (const [what, query] of gone) {
    assertEquals((await server.call(what, { query })).status, 404, what);
  }
  assertEquals(
    (await server.json("GET /apis/v1/graphs", { query: { current: art } })).out,
    [],
  );
  assertEquals(
    (await server.json("GET /apis/v1/nodes", { query: { parent: "/demo/f" } }))
      .data,
    null,
  );
  assertEquals(await server.json("GET /apis/v1/trash"), {
    pagination: { page: 1, size: 10, total: 1 },
    data: [{
      deletedTimestamp: "2026-11-23T08:00:00.123Z",
      editor: "demo",
      expiresTimestamp: "2026-12-23T08:00:00.123Z",
      id: run,
      name: "run",
      nodes: 1,
      objects: 1,
      path: "/demo/f/run",
      size_bytes: 7,
      type: "Run",
    }],
  });
  const again = await server.make("/demo/f/run", "Run");
  assertEquals(
    await server.text("POST /apis/v1/trash/restore", { json: { id: run } }),
    "400 Invalid conflicting node Name: run",
  );
  await server.json("PUT /apis/v1/nodes", {
    json: { node: again, name: "other" },
  });
  assertEquals(
    await server.json("POST /apis/v1/trash/restore", { json: { id: run } }),
    { ...before, isInPlace: true },
  );
  assertEquals(
    await server.text("GET /apis/v1/objects", {
      query: { path: "/demo/f/run/x" },
    }),
    "200 content",
  );
  assertEquals(
    await server.text(`GET /apis/v1/objects/multipart/${uploadId}`, {
      query: { path: "/demo/f/run/y" },
    }),
    `404 upload not found [${uploadId}]`,
  );
  const graph = await server.json("GET /apis/v1/graphs", {
    query: { current: run },
  });
  assertEquals(graph.in.map(({ id }: { id: string }) => id), [art]);
  assertEquals((await server.json("GET /apis/v1/trash")).data, null);
  assertEquals(server.files().length, 1);
});

Deno.test("a folder is deleted and restored with everything below it", async () => {
  using server = openFixture({ trashMs });
  await server.make("/demo/f", "Folder");
  await server.make("/demo/f/g", "Folder");
  const ids: string[] = [];
  for (let i = 0; i < 20; i++) {
    ids.push(await server.make(`/demo/f/g/run${i}`, "Run"));
    await server.put(`/demo/f/g/run${i}/x`, `content ${i}`);
  }
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: ids[0], to: ids[1] }] },
  });
  const { id } = await server.json("GET /apis/v1/nodes/info", {
    query: { node: "/demo/f" },
  });
  const owned = () => {
    const { nodes, runs, objects } = server.store.users.get("demo") ?? {};
    return [nodes, runs, objects];
  };
  assertEquals(owned(), [22, 20, 20]);
  await server.text("DELETE /apis/v1/nodes", { json: { node: "/demo/f" } });
  // What would be lost with the user is what it was.
  assertEquals(owned(), [22, 20, 20]);
  const { data: [entry] } = await server.json("GET /apis/v1/trash");
  assertEquals([entry.nodes, entry.objects, entry.path], [22, 20, "/demo/f"]);
  assertEquals(server.files().length, 20);
  await server.json("POST /apis/v1/trash/restore", { json: { id } });
  for (let i = 0; i < 20; i++) {
    assertEquals(
      await server.text("GET /apis/v1/objects", {
        query: { path: `/demo/f/g/run${i}/x` },
      }),
      `200 content ${i}`,
    );
  }
  const graph = await server.json("GET /apis/v1/graphs", {
    query: { current: ids[0] ?? "" },
  });
  assertEquals(graph.out.length, 1);
});

Deno.test("edges between nodes that are in the trash come back with the last of them", async () => {
  using server = openFixture({ trashMs });
  const run = await server.make("/demo/run", "Run");
  const art = await server.make("/demo/art", "Artifact");
  const edgesOf = async (id: string) =>
    (await server.json("GET /apis/v1/graphs", { query: { current: id } })).in
      .length;
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: art, to: run }] },
  });
  for (const order of [[run, art], [art, run]]) {
    for (const node of order) {
      await server.text("DELETE /apis/v1/nodes", { json: { node } });
    }
    for (const id of [run, art]) {
      await server.json("POST /apis/v1/trash/restore", { json: { id } });
    }
    assertEquals(await edgesOf(run), 1, `${order}`);
  }
});

Deno.test("what cannot go back to where it was goes to the user's root under a free name", async () => {
  using server = openFixture({ trashMs });
  await server.make("/demo/f", "Folder");
  const run = await server.make("/demo/f/run", "Run");
  await server.make("/demo/run", "Run");
  for (const node of ["/demo/f/run", "/demo/f"]) {
    await server.text("DELETE /apis/v1/nodes", { json: { node } });
  }
  const restored = await server.json("POST /apis/v1/trash/restore", {
    json: { id: run },
  });
  assertEquals(
    [restored.path, restored.isInPlace, restored.id],
    ["/demo/run-2", false, run],
  );
});

Deno.test("the trash is its owner's, and what is purged or too old is gone for good with its bytes", async () => {
  using server = openFixture({ trashMs });
  const ids: string[] = [];
  for (const name of ["a", "b"]) {
    ids.push(await server.make(`/demo/${name}`, "Run"));
    await server.put(`/demo/${name}/x`, name);
  }
  for (const node of ids) {
    await server.text("DELETE /apis/v1/nodes", { json: { node } });
  }
  const [a = "", b = ""] = ids;
  const eve = { user: "eve", json: { id: a } } as const;
  assertEquals(
    (await server.json("GET /apis/v1/trash", { user: "eve" })).data,
    null,
  );
  for (const what of ["POST /apis/v1/trash/restore", "DELETE /apis/v1/trash"]) {
    assertEquals(await server.text(what, eve), `404 node not found [${a}]`);
  }
  assertEquals(
    await server.text("DELETE /apis/v1/trash", { json: { id: a } }),
    "204 ",
  );
  assertEquals(
    await server.text("DELETE /apis/v1/trash", { json: { id: a } }),
    `404 node not found [${a}]`,
  );
  assertEquals(server.files().length, 1);
  server.time = new Date(server.time.getTime() + trashMs - 1000);
  await server.store.trash.purgeExpired();
  assert(server.store.trash.get(b));
  server.time = new Date(server.time.getTime() + 2000);
  await server.store.trash.purgeExpired();
  assertEquals(server.store.trash.get(b), undefined);
  assertEquals(server.files(), []);
});

Deno.test("a copy of what is in the trash keeps its bytes, and the other way round", async () => {
  using server = openFixture({ trashMs });
  const a = await server.make("/demo/a", "Run");
  const b = await server.make("/demo/b", "Run");
  await server.put("/demo/a/x", "shared");
  await server.store.contents.shareObject(
    { nodeId: a, key: "x" },
    { nodeId: b, key: "x" },
  );
  await server.text("DELETE /apis/v1/nodes", { json: { node: a } });
  await server.text("DELETE /apis/v1/objects", {
    query: { path: "/demo/b/x" },
  });
  assertEquals(server.files().length, 1);
  await server.json("POST /apis/v1/trash/restore", { json: { id: a } });
  assertEquals(
    await server.text("GET /apis/v1/objects", { query: { path: "/demo/a/x" } }),
    "200 shared",
  );
});

Deno.test("a user's root cannot be deleted, and without a trash everything is deleted at once", async () => {
  using server = openFixture({ trashMs });
  assertEquals(
    await server.text("DELETE /apis/v1/nodes", { json: { node: "/demo" } }),
    "400 invalid node: a user's root cannot be deleted",
  );
  using other = openFixture({ trashMs: 0 });
  await other.make("/demo/run", "Run");
  await other.put("/demo/run/x", "x");
  await other.text("DELETE /apis/v1/nodes", { json: { node: "/demo/run" } });
  assertEquals((await other.json("GET /apis/v1/trash")).data, null);
  assertEquals(other.files(), []);
});
