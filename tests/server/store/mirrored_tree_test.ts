import { assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { NodeRow } from "../../../src/server/store/node_row.ts";
import { MirroredTree } from "../../../src/server/store/mirrored_tree.ts";
import type { ObjectRow } from "../../../src/server/store/objects.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";

const END = { version: "" };

function node(id: string, more: Partial<NodeRow> = {}): NodeRow {
  return {
    id,
    parent_id: "root",
    owner: "lab",
    name: id,
    type: "Run",
    storage_type: 2,
    labels: "[]",
    description: "",
    extra: "",
    editor: "lab",
    modified: "2026-11-23T08:00:00.123000Z",
    ...more,
  };
}

function object(more: Partial<ObjectRow> = {}): ObjectRow {
  return {
    node_id: "run",
    key: "a",
    file: "run/1/a",
    size: 3,
    md5: "x",
    content_type: "text/plain",
    mtime: 7,
    ...more,
  };
}

/** A store with a root, and a tree that is written from outside. */
function open() {
  const dir = tempDir();
  const store = new Store({
    dataDir: join(dir.path, "data"),
    durability: "process",
    locate: (file) => file,
  });
  const tree = new MirroredTree(store.database);
  const root = {
    parent_id: null,
    name: "lab",
    type: "Folder",
    storage_type: 0,
  };
  tree.begin(node("root", root));
  const changes: string[] = [];
  store.metrics.hub.subscribe((
    { event: { node, kind, change = "", key = "" } },
  ) => void changes.push(`${node} ${kind} ${change}${key}`));
  return {
    store,
    tree,
    /** What was told since the last time. */
    async told(): Promise<string[]> {
      await store.metrics.idle();
      await new Promise<void>((resolve) => {
        const end = store.metrics.hub.subscribe(({ event }) => {
          if (event.node !== "mark") return;
          end();
          resolve();
        });
        store.metrics.hub.publish({ node: "mark", kind: "files" });
      });
      return changes.splice(0).filter((text) => !text.startsWith("mark"));
    },
    [Symbol.dispose]() {
      store[Symbol.dispose]();
      dir[Symbol.dispose]();
    },
  };
}

Deno.test("a mirrored tree has the ids and times that are given, and what is equal changes nothing", async () => {
  using fixture = open();
  const { store, tree } = fixture;
  tree.transaction(() => tree.putNode(node("run")));
  assertEquals(store.nodes.byId("run"), node("run"));
  assertEquals(store.nodes.pathOf("run"), "/lab/run");
  await fixture.told();
  tree.transaction(() => tree.putNode(node("run")));
  assertEquals(await fixture.told(), []);
  const changed = node("run", { labels: '["a"]', description: "d" });
  tree.transaction(() => tree.putNode(changed));
  assertEquals(store.nodes.byId("run"), changed);
  assertEquals(await fixture.told(), ["run node changed"]);
});

Deno.test("an object of a mirrored tree grows in its file, or is replaced by another", async () => {
  using fixture = open();
  const { store, tree } = fixture;
  tree.transaction(() => tree.putNode(node("run")));
  const address = { nodeId: "run", key: "a" };
  const rows = [
    object(),
    object({ size: 5, md5: "y", mtime: 8 }),
    object({ file: "run/2/a", size: 1, md5: "z", mtime: 9 }),
  ];
  for (const row of rows) {
    tree.transaction(() => tree.putObject(row));
    const found = store.objects.get(address);
    assertEquals(found, row);
    assertEquals(store.objects.segments(row), [
      { file: row.file, size: row.size, crc32: null },
    ]);
    assertEquals(tree.objects("run").get("a")?.md5, row.md5);
  }
  await fixture.told();
  tree.transaction(() => tree.deleteObject(address));
  assertEquals(tree.objects("run").size, 0);
  assertEquals(await fixture.told(), ["run files a"]);
});

Deno.test("the edges of a node are those that are named, and go with either end", () => {
  using fixture = open();
  const { store, tree } = fixture;
  const ends = ["run", "a", "b"].map((id) => ({ id, ...END }));
  const [run, a, b] = ends as [typeof ends[0], typeof ends[0], typeof ends[0]];
  tree.transaction(() => {
    for (const { id } of ends) tree.putNode(node(id));
    tree.putEdges("run", [{ from: a, to: run }, { from: run, to: b }]);
  });
  const around = () => [
    store.edges.sources(run).map(({ id }) => id),
    store.edges.targets(run).map(({ id }) => id),
  ];
  assertEquals(around(), [["a"], ["b"]]);
  tree.transaction(() => tree.putEdges("run", [{ from: b, to: run }]));
  assertEquals(around(), [["b"], []]);
  tree.deleteNode("b");
  assertEquals(around(), [[], []]);
});
