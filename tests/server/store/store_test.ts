import { join } from "@std/path";
import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataDirError } from "../../../src/server/data_dir_error.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { filesBelow } from "../support/fixture.ts";

function content(text: string): AsyncIterable<Uint8Array> {
  return ReadableStream.from([new TextEncoder().encode(text)]);
}

Deno.test("a data folder has one server at a time", () => {
  using dir = tempDir();
  {
    using _store = new Store({ dataDir: dir.path });
    assertThrows(
      () => new Store({ dataDir: dir.path }),
      DataDirError,
      `Cannot use data folder "${dir.path}": another server is using it, stop that server or choose another folder`,
    );
  }
  using _again = new Store({ dataDir: dir.path });
});

Deno.test("a data folder of a newer version is refused and left as it is", () => {
  using dir = tempDir();
  new Store({ dataDir: dir.path })[Symbol.dispose]();
  const path = join(dir.path, "aistore.db");
  {
    using database = new DatabaseSync(path);
    database.exec("PRAGMA user_version = 99");
  }
  for (let i = 0; i < 2; i++) {
    assertThrows(
      () => new Store({ dataDir: dir.path }),
      DataDirError,
      "a newer version of the server made its database",
    );
  }
  using database = new DatabaseSync(path);
  assertEquals(database.prepare("PRAGMA user_version").get()?.user_version, 99);
});

Deno.test("the database is set up so that a commit is durable and edges have both ends", () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  assertThrows(
    () =>
      store.edges.add([{
        from: { id: "a", version: "" },
        to: { id: "b", version: "" },
      }]),
    Error,
    "FOREIGN KEY",
  );
  using database = new DatabaseSync(join(dir.path, "aistore.db"));
  assertEquals(
    database.prepare("PRAGMA journal_mode").get()?.journal_mode,
    "wal",
  );
});

Deno.test("what a crash left behind is cleared away at the next start, and nothing else", async () => {
  using dir = tempDir();
  const kept: string[] = [];
  {
    using store = new Store({ dataDir: dir.path });
    store.users.add("demo");
    const root = store.nodes.walk(["demo"])?.node;
    assert(root);
    const body = {
      name: "run",
      type: "Run",
      labels: [],
      description: "",
      extra: "",
    };
    const run = store.nodes.create(root, body, "demo");
    const address = { nodeId: run.id, key: "x" };
    const object = await store.contents.putObject(
      address,
      await store.contents.write(content("x")),
      { contentType: "a/b" },
    );
    const upload = store.uploads.begin({ nodeId: run.id, key: "y" });
    const part = await store.parts.write(
      { uploadId: upload, number: 1 },
      content("y"),
    );
    await store.parts.put(upload, part);
    kept.push(object.file, part.file);
    // Written, but its row never came.
    await store.files.write(content("orphan"));
    Deno.writeTextFileSync(join(dir.path, "tmp", "half"), "ha");
  }
  assertEquals(filesBelow(join(dir.path, "objects")).length, 3);
  using _store = new Store({ dataDir: dir.path });
  const left = ["objects", "tmp"].flatMap((folder) =>
    filesBelow(join(dir.path, folder))
  );
  assertEquals(left.map((path) => path.slice(-32)).sort(), kept.sort());
});

Deno.test("the parts of an upload that nobody completes go after seven days", async () => {
  using dir = tempDir();
  let now = new Date("2026-11-01T00:00:00Z");
  const open = () => new Store({ dataDir: dir.path, now: () => now });
  let upload = "";
  {
    using store = open();
    store.users.add("demo");
    const root = store.nodes.walk(["demo"])?.node;
    assert(root);
    const body = {
      name: "run",
      type: "Run",
      labels: [],
      description: "",
      extra: "",
    };
    const run = store.nodes.create(root, body, "demo");
    upload = store.uploads.begin({ nodeId: run.id, key: "y" });
    await store.parts.put(
      upload,
      await store.parts.write({ uploadId: upload, number: 1 }, content("y")),
    );
  }
  for (
    const [day, parts] of [["2026-11-07T23:59:00Z", 1], [
      "2026-11-08T00:01:00Z",
      0,
    ]] as const
  ) {
    now = new Date(day);
    using store = open();
    assertEquals(store.uploads.parts(upload).length, parts, day);
    assertEquals(filesBelow(join(dir.path, "objects")).length, parts, day);
  }
});

Deno.test("a change that fails in a transaction leaves nothing of it", () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  store.users.add("demo");
  assertThrows(
    () => store.users.add("demo"),
    RangeError,
    'Cannot make user "demo": there is one already',
  );
  for (const name of ["", "a/b", "..", "-a", "a".repeat(64), "ä"]) {
    assertThrows(
      () => store.users.add(name),
      RangeError,
      `Cannot make user "${name}"`,
    );
  }
  assertEquals(store.users.names(), ["demo"]);
});
