import { join } from "@std/path";
import { assertEquals } from "@std/assert";
import { Database } from "../../../src/server/store/database.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openStore } from "../support/store_fixture.ts";

Deno.test("what is kept is counted whole, however many objects there are, and not twice at once", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const { facts } = t.store;
  assertEquals(facts.counts.objects, 0);
  const objects = 25_000;
  {
    using database = new Database(join(dir.path, "aistore.db"), "process");
    const insert = database.command(
      "INSERT INTO objects VALUES (?, ?, ?, ?, 'm', 'a/b', 1)",
    );
    database.transaction(() => {
      for (let i = 0; i < objects; i++) {
        insert(i % 3 === 0 ? t.a : t.b, `k${i}`, `f${i}`, i);
      }
    });
  }
  await Promise.all([facts.count(), facts.count()]);
  const { counts } = facts;
  assertEquals(
    [counts.objects, counts.objectBytes],
    [objects, objects * (objects - 1) / 2],
  );
  assertEquals(counts.nodes, [{ type: "Folder", count: 1 }, {
    type: "Run",
    count: 2,
  }]);
  // What was just counted is good for a while.
  await facts.count();
  assertEquals(facts.counts, counts);
});
