import { createHash } from "node:crypto";
import { join } from "@std/path";
import { assertEquals, assertThrows } from "@std/assert";
import { DataDirError } from "../../../src/server/data_dir_error.ts";
import { Database } from "../../../src/server/store/database.ts";
import { MIGRATIONS } from "../../../src/server/store/schema.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";

const TIME = "2026-11-23T08:00:00.000Z";

function md5(text: string): string {
  return createHash("md5").update(text).digest("hex");
}

/** Makes a data folder as a server of an older version left it, with something in every table that it knew. */
function makeOld(dataDir: string, version: number): void {
  const put = (file: string, text: string) => {
    const folder = join(dataDir, "objects", file.slice(0, 2));
    Deno.mkdirSync(folder, { recursive: true });
    Deno.writeTextFileSync(join(folder, file), text);
  };
  using database = new Database(join(dataDir, "aistore.db"));
  database.migrate(MIGRATIONS.slice(0, version));
  const insert = (table: string, row: Record<string, string | number | null>) =>
    database.command(
      `INSERT INTO ${table} (${Object.keys(row).join(", ")})
       VALUES (${Object.keys(row).map(() => "?").join(", ")})`,
    )(...Object.values(row));
  if (version === 0) return;
  insert("users", { name: "demo", created: TIME });
  insert("api_keys", { hash: "h", user: "demo", created: TIME });
  const nodes = [
    ["root", null, "demo", "Folder", 0],
    ["run", "root", "run", "Run", 2],
    ["art", "root", "art", "Artifact", 2],
  ] as const;
  for (const [id, parent_id, name, type, storage_type] of nodes) {
    insert("nodes", {
      id,
      parent_id,
      owner: "demo",
      name,
      type,
      storage_type,
      labels: "[]",
      description: "",
      extra: "",
      editor: "demo",
      modified: TIME,
    });
  }
  const object = "aa" + "0".repeat(30);
  const part = "bb" + "0".repeat(30);
  put(object, "stored");
  put(part, "part");
  insert("objects", {
    node_id: "run",
    key: "x",
    file: object,
    size: 6,
    md5: md5("stored"),
    content_type: "a/b",
    mtime: 1,
  });
  if (version >= 2) {
    insert("segments", { object, number: 0, file: object, size: 6 });
  }
  insert("uploads", { id: "up", node_id: "run", key: "y", created: TIME });
  insert("parts", {
    upload_id: "up",
    number: 1,
    file: part,
    size: 4,
    [version >= 2 ? "etag" : "md5"]: md5("part"),
  });
  insert("edges", {
    from_id: "art",
    to_id: "run",
    ...version >= 3 && { from_version: "", to_version: "" },
  });
}

Deno.test("a database of every older version opens, with all that is in it", async () => {
  for (let version = 0; version < MIGRATIONS.length; version++) {
    using dir = tempDir();
    makeOld(dir.path, version);
    using store = new Store({
      dataDir: dir.path,
      now: () => new Date("2026-11-23T09:00:00.000Z"),
      unusedGraceMs: 0,
    });
    if (version === 0) continue;
    const label = `version ${version}`;
    assertEquals(store.nodes.pathOf("run"), "/demo/run", label);
    const object = store.objects.get({ nodeId: "run", key: "x" });
    assertEquals(object?.md5, md5("stored"), label);
    assertEquals(store.objects.segments(object!).map(({ size }) => size), [6]);
    const end = { id: "run", version: "" };
    assertEquals(store.edges.into(end).map(({ id }) => id), ["art"], label);
    const whole = await store.parts.complete("up", [
      { partNumber: 1, etag: md5("part") },
    ]);
    assertEquals(whole.md5, md5("part"), label);
    const copy = { nodeId: "art", key: "x" };
    await store.contents.shareObject({ nodeId: "run", key: "x" }, copy);
    assertEquals(await store.contents.deleteObjects("run", ["x", "y"]), 2);
    assertEquals(store.objects.get(copy)?.md5, md5("stored"), label);
    const left = [...Deno.readDirSync(join(dir.path, "objects", "aa"))].length;
    assertEquals(left, 1, label);
  }
});

Deno.test("a database of a newer version is refused, with what to do, and is not changed", () => {
  using dir = tempDir();
  const path = join(dir.path, "aistore.db");
  {
    using database = new Database(path);
    database.migrate([...MIGRATIONS, "CREATE TABLE later (x INTEGER) STRICT"]);
  }
  const version = () => {
    using database = new Database(path);
    return database.query<{ user_version: number }>("PRAGMA user_version")
      .get()?.user_version;
  };
  const before = version();
  assertThrows(
    () => new Store({ dataDir: dir.path }),
    DataDirError,
    `Cannot use data folder "${dir.path}": a newer version of the server made its database (1 steps ahead), start that version`,
  );
  assertEquals(version(), before);
});

Deno.test("the database asks for what it refers to, and has readers beside a writer", () => {
  using dir = tempDir();
  using database = new Database(join(dir.path, "aistore.db"));
  database.migrate(MIGRATIONS);
  const pragma = (name: string) =>
    Object.values(
      database.query<Record<string, unknown>>(`PRAGMA ${name}`).get() ?? {},
    )[0];
  assertEquals(pragma("journal_mode"), "wal");
  assertEquals(pragma("foreign_keys"), 1);
  assertEquals(pragma("synchronous"), 2);
  using process = new Database(join(dir.path, "other.db"), "process");
  assertEquals(
    Object.values(
      process.query<Record<string, unknown>>("PRAGMA synchronous").get() ?? {},
    ),
    [1],
  );
});
