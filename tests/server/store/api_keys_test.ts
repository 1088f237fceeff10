import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "@std/path";
import { Database } from "../../../src/server/store/database.ts";
import { MIGRATIONS } from "../../../src/server/store/schema.ts";
import { hashSecret } from "../../../src/server/store/secret_hash.ts";
import { Store } from "../../../src/server/store/store.ts";
import { tempDir } from "../../support/temp_dir.ts";

Deno.test("when a key was used is written later, and at most once a minute", () => {
  using dir = tempDir();
  let time = Date.parse("2026-11-23T08:00:00Z");
  using store = new Store({ dataDir: dir.path, now: () => new Date(time) });
  const { keys } = store;
  const hash = hashSecret(store.users.add("demo"));
  const used = () => keys.list("demo")[0]?.last_used;
  const use = (seconds: number) => {
    time += seconds * 1000;
    keys.noteUse(hash);
    keys.writeUses();
    return used();
  };
  keys.noteUse(hash);
  assertEquals(used(), null);
  assertEquals(use(0), "2026-11-23T08:00:00.000Z");
  assertEquals(use(59), "2026-11-23T08:00:00.000Z");
  assertEquals(use(1), "2026-11-23T08:01:00.000Z");
  assertEquals(use(30), "2026-11-23T08:01:00.000Z");
  keys.writeUses({ all: true });
  assertEquals(used(), "2026-11-23T08:01:30.000Z");
});

Deno.test("a user's keys have names of their own, given or the next number", () => {
  using dir = tempDir();
  using store = new Store({ dataDir: dir.path });
  const { keys, users } = store;
  users.add("demo");
  users.add("eve", { name: "laptop" });
  assertEquals(keys.add("eve").name, "key-1");
  assertEquals(keys.add("demo").name, "key-2");
  assertEquals(keys.add("demo", { name: "laptop" }).name, "laptop");
  for (const name of ["laptop", "", "a b", "-x", "x".repeat(64), "é"]) {
    assertThrows(() => keys.add("demo", { name }), RangeError, `"${name}"`);
  }
  assertEquals(keys.revoke("demo", "key-1"), true);
  assertEquals(keys.revoke("demo", "key-1"), false);
  assertEquals(keys.add("demo").name, "key-1");
});

Deno.test("the keys of a database from before they had names are good for ever and named key-1", () => {
  using dir = tempDir();
  const apiKey = crypto.randomUUID();
  {
    using database = new Database(join(dir.path, "aistore.db"));
    database.migrate(MIGRATIONS.slice(0, 3));
    database.command("INSERT INTO users VALUES (?, ?)")("old", "2025");
    database.command("INSERT INTO api_keys VALUES (?, ?, ?)")(
      hashSecret(apiKey),
      "old",
      "2025",
    );
  }
  using store = new Store({ dataDir: dir.path });
  const key = store.keys.byHash(hashSecret(apiKey));
  assert(key !== undefined);
  assertEquals(
    [key.user, key.name, key.last_used, key.expires, store.users.names()],
    ["old", "key-1", null, null, ["old"]],
  );
  assertEquals(store.keys.hasExpired(key), false);
});
