import { deadline } from "@std/async";
import { join } from "@std/path";
import { assert, assertEquals, assertGreater } from "@std/assert";
import { checkData } from "../../../src/server/check_data.ts";
import { openHandler } from "../../../src/server/handler.ts";
import { Database } from "../../../src/server/store/database.ts";
import { MIGRATIONS } from "../../../src/server/store/schema.ts";
import { TrashAdmin } from "../../../src/server/trash_admin.ts";
import { Upkeep } from "../../../src/server/upkeep.ts";
import { createReporter } from "../../../src/reporter.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openFixture } from "../support/fixture.ts";
import { openStore } from "../support/store_fixture.ts";

const trashMs = 86_400_000;

Deno.test("what is restored is shared with whom it was shared", async () => {
  using server = openFixture({ trashMs });
  const run = await server.make("/demo/run", "Run");
  await server.json("PUT /apis/v1/nodes/shares", {
    json: { node: run, shares: [{ user: "eve", permission: "view" }] },
  });
  const look = () =>
    server.text("GET /apis/v1/nodes/info", {
      query: { node: run },
      user: "eve",
    });
  const shared = async () =>
    (await server.json("GET /apis/v1/nodes/shared", { user: "eve" }))
      .pagination.total;
  const before = await look();
  assertEquals([before.slice(0, 4), await shared()], ["200 ", 1]);
  await server.text("DELETE /apis/v1/nodes", { json: { node: run } });
  assertEquals(await look(), `404 node not found [${run}]`);
  assertEquals(await shared(), 0);
  await server.json("POST /apis/v1/trash/restore", { json: { id: run } });
  assertEquals([await look(), await shared()], [before, 1]);
});

Deno.test("nothing below a deleted folder is found, listed, changed or connected, by whatever way", async () => {
  using server = openFixture({ trashMs });
  const folder = await server.make("/demo/f", "Folder");
  const inner = await server.make("/demo/f/g", "Folder");
  const run = await server.make("/demo/f/g/run", "Run");
  const art = await server.make("/demo/art", "Artifact");
  await server.put("/demo/f/g/run/x", "content");
  for (const [node, user] of [[inner, "eve"], [run, "*"]] as const) {
    await server.json("POST /apis/v1/nodes/shares", {
      json: { node, user, permission: "edit" },
    });
  }
  await server.json("POST /apis/v1/graphs", {
    json: { graphs: [{ from: run, to: art }] },
  });
  await server.json("DELETE /apis/v1/nodes", { json: { node: folder } });
  for (const user of ["demo", "eve"] as const) {
    for (const node of [folder, inner, run]) {
      const calls = [
        ["GET /apis/v1/nodes/info", { query: { node } }],
        ["GET /apis/v1/nodes", { query: { parent: node } }],
        ["PUT /apis/v1/nodes", { json: { node, description: "d" } }],
        ["DELETE /apis/v1/nodes", { json: { node } }],
        ["POST /apis/v1/nodes", {
          json: { parent: node, name: "n", type: "Run" },
        }],
        ["GET /apis/v1/objects/ls", { query: { path: node } }],
        ["POST /apis/v1/objects/delete", { json: { node, paths: ["x"] } }],
        ["POST /apis/v1/objects/copy", { json: { from: node, to: art } }],
        ["GET /apis/v1/graphs", { query: { current: node } }],
        ["GET /em/v1/series", { query: { node } }],
        ["GET /em/v1/rows", { query: { folder: node } }],
        ["GET /em/v1/events", { query: { node } }],
      ] as const;
      for (const [what, call] of calls) {
        assertEquals(
          await server.text(what, { ...call, user }),
          `404 node not found [${node}]`,
          `${what} ${user}`,
        );
      }
      // The name under which it lies in the trash is no path.
      assertEquals(
        (await server.text("GET /apis/v1/nodes/info", {
          query: { node: `//${node}` },
          user,
        })).slice(0, 16),
        "400 invalid path",
      );
    }
    for (const what of ["shared", "public"]) {
      const { data } = await server.json(`GET /apis/v1/nodes/${what}`, {
        user,
      });
      assertEquals(data, null, `${what} ${user}`);
    }
  }
  const { data } = await server.json("GET /em/v1/rows", {
    query: { node: run },
  });
  assertEquals(data, []);
  const graph = await server.json("GET /apis/v1/graphs", {
    query: { current: art },
  });
  assertEquals([graph.in, graph.out], [[], []]);
  const component = await server.json("GET /apis/v1/graphs/component", {
    query: { current: art },
  });
  assertEquals([component.nodes.length, component.edges], [1, []]);
});

Deno.test("others have their turn while much is deleted for good, and nothing of it is seen meanwhile", async () => {
  using dir = tempDir();
  using t = openStore(dir.path, { durability: "process" });
  const { store, a } = t;
  for (let i = 0; i < 600; i++) {
    await t.put(a, `k${i}`, new Uint8Array([i]));
  }
  const node = store.nodes.byId(a);
  assert(node);
  await store.trash.discard(node, { editor: "demo" });
  const left = () => store.objects.list(a, { page: 1, size: 1 }).total;
  const seen = new Set<number>();
  const timer = setInterval(() => {
    seen.add(left());
    assertEquals(store.nodes.byId(a), undefined);
    assertEquals(store.trash.get(a), undefined);
  }, 0);
  assert(await store.trash.purge(a));
  clearInterval(timer);
  const between = [...seen].filter((count) => count > 0 && count < 600);
  assertGreater(between.length, 0, `seen: ${[...seen]}`);
  assertEquals(left(), 0);
  assertEquals(t.files(), 0);
});

Deno.test("a server that ends while it deletes for good goes on with that when it starts again", async () => {
  using dir = tempDir();
  let purging: Promise<boolean>;
  {
    using t = openStore(dir.path, { durability: "process" });
    for (let i = 0; i < 600; i++) {
      await t.put(t.a, `k${i}`, new Uint8Array([i]));
    }
    const node = t.store.nodes.byId(t.a);
    assert(node);
    await t.store.trash.discard(node, { editor: "demo" });
    purging = t.store.trash.purge(t.a);
  }
  await purging;
  using t = openStore(dir.path);
  const { store } = t;
  assertEquals(store.trash.all(), []);
  assertGreater(t.files(), 0);
  using upkeep = new Upkeep({ store, reporter: createReporter(() => {}) });
  await upkeep.run();
  assertEquals(t.files(), 0);
  assertEquals((await checkData(dir.path)).problems, []);
});

Deno.test("what another process restores is told to those who look, within a second or so", async () => {
  using dir = tempDir();
  using server = openHandler({ dataDir: dir.path }, false);
  const apikey = server.firstStart?.apiKey ?? "";
  const call = async (what: string, query = {}, json?: unknown) => {
    const [method = "", path] = what.split(" ");
    const parameters = new URLSearchParams({ ...query, apikey });
    return await server.handle(
      new Request(`http://x/t9k/aistore/server${path}?${parameters}`, {
        method,
        ...json !== undefined && { body: JSON.stringify(json) },
      }),
    );
  };
  const made = await call("POST /apis/v1/nodes", {}, {
    parent: "/demo",
    name: "run",
    type: "Run",
  });
  const { id } = await made.json();
  const events = await call("GET /em/v1/events", { node: "/demo" });
  assert(events.body);
  const reader = events.body.pipeThrough(new TextDecoderStream()).getReader();
  const told = async (change: string) => {
    for (let text = "";;) {
      const { value, done } = await reader.read();
      assert(!done, text);
      text += value;
      if (text.includes(`"change":"${change}"`) && text.includes(id)) return;
    }
  };
  await told("created");
  await call("DELETE /apis/v1/nodes", {}, { node: "/demo/run" });
  await told("deleted");
  {
    using admin = new TrashAdmin(dir.path);
    assertEquals((await admin.restore(id)).node.name, "run");
  }
  await deadline(told("created"), 10_000);
  await reader.cancel();
});

Deno.test("what was in the trash of an older version can be restored, with objects, shares and edges", async () => {
  using dir = tempDir();
  const file = "f".repeat(32);
  Deno.mkdirSync(join(dir.path, "objects", "ff"), { recursive: true });
  Deno.writeTextFileSync(join(dir.path, "objects", "ff", file), "stored");
  {
    using database = new Database(join(dir.path, "aistore.db"));
    database.migrate(MIGRATIONS.slice(0, 6));
    const insert = (
      table: string,
      row: Record<string, string | number | null>,
    ) =>
      database.command(
        `INSERT INTO ${table} (${Object.keys(row).join()}) VALUES (${
          Object.keys(row).map(() => "?").join()
        })`,
      )(...Object.values(row));
    const time = "2026-11-23T08:00:00.000Z";
    for (const name of ["demo", "eve"]) {
      insert("users", { name, created: time });
    }
    const node = (id: string, parent_id: string | null, type: string) => ({
      id,
      parent_id,
      owner: "demo",
      name: id,
      type,
      storage_type: type === "Folder" ? 0 : 2,
      labels: '["a"]',
      description: "d",
      extra: "",
      editor: "demo",
      modified: time,
    });
    insert("nodes", { ...node("root", null, "Folder"), name: "demo" });
    insert("nodes", node("art", "root", "Artifact"));
    insert("trash", {
      id: "f",
      owner: "demo",
      parent_id: "root",
      name: "f",
      type: "Folder",
      path: "/demo/f",
      editor: "demo",
      deleted: time,
      height: 2,
      nodes: 2,
      objects: 1,
      size: 6,
    });
    for (const id of ["f", "run"]) {
      insert("trashed_nodes", { id, trash_id: "f" });
    }
    insert("trashed_files", { trash_id: "f", file, size: 6 });
    const rows = [
      ["nodes", node("f", "root", "Folder")],
      ["nodes", node("run", "f", "Run")],
      ["objects", {
        node_id: "run",
        key: "x",
        file,
        size: 6,
        md5: "m",
        content_type: "a/b",
        mtime: 1,
      }],
      ["segments", { object: file, number: 0, file, size: 6 }],
      ["shares", { node_id: "run", user: "eve", permission: "view" }],
      ["edges", {
        from_id: "art",
        from_version: "",
        to_id: "run",
        to_version: "",
      }],
    ] as const;
    for (const [kind, row] of rows) {
      insert("trashed_rows", {
        trash_id: "f",
        kind,
        row: JSON.stringify(row),
      });
    }
  }
  using t = openStore(dir.path);
  const { store } = t;
  assertEquals(store.nodes.byId("run"), undefined);
  const { node } = await store.trash.restore("f");
  assertEquals([node.name, node.labels], ["f", '["a"]']);
  assertEquals(store.nodes.pathOf("run"), "/demo/f/run");
  assertEquals(new TextDecoder().decode(await t.read("run", "x")), "stored");
  assertEquals(store.shares.granted("run", "eve"), "view");
  assertEquals(
    store.edges.into({ id: "run", version: "" }).map(({ id }) => id),
    ["art"],
  );
  assertEquals((await checkData(dir.path)).problems, []);
});
