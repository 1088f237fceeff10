import { assertEquals } from "@std/assert";
import type { ObjectRecord } from "../../../src/aistore/protocol.ts";
import { StoredObjects } from "../../../src/upload/sending/stored_objects.ts";

const NODE = "/demo/node";

/** A server that lists what it is told to, when it is told to. */
class Lister {
  objects: Record<string, string> = {};
  listings = 0;
  hold: Promise<void> = Promise.resolve();

  async *listObjects(): AsyncGenerator<ObjectRecord> {
    this.listings++;
    const objects = Object.entries(this.objects);
    await this.hold;
    for (const [path, checksum] of objects) {
      yield { path: `/${path}`, checksum, size_bytes: 1 } as ObjectRecord;
    }
  }
}

const one = (checksum: string) => ({ sizeBytes: 1, checksum });

Deno.test("StoredObjects asks only in doubt, and once for all that doubt", async () => {
  const server = new Lister();
  const stored = new StoredObjects(server);
  await stored.ask(NODE);
  assertEquals([server.listings, stored.get("a")], [0, undefined]);
  server.objects = { a: "1", b: "2" };
  stored.doubtAll();
  await Promise.all([stored.ask(NODE, "a"), stored.ask(NODE, "b")]);
  assertEquals([server.listings, stored.get("a"), stored.get("b")], [
    1,
    one("1"),
    one("2"),
  ]);
  stored.doubt("a");
  assertEquals([stored.get("a"), stored.get("b")], [undefined, one("2")]);
  await stored.ask(NODE, "b");
  assertEquals(server.listings, 1);
  await stored.ask(NODE, "a");
  assertEquals([server.listings, stored.get("a")], [2, one("1")]);
});

Deno.test("StoredObjects takes no listing that began before the doubt, and keeps what was sent meanwhile", async () => {
  const server = new Lister();
  const stored = new StoredObjects(server);
  server.objects = { a: "old", b: "old" };
  const { promise, resolve } = Promise.withResolvers<void>();
  server.hold = promise;
  stored.doubtAll();
  const first = stored.ask(NODE);
  await Promise.resolve();
  stored.set("b", one("sent"));
  stored.doubt("a");
  server.objects = { a: "new", b: "sent" };
  const second = stored.ask(NODE, "a");
  resolve();
  await Promise.all([first, second]);
  assertEquals([server.listings, stored.get("a"), stored.get("b")], [
    2,
    one("new"),
    one("sent"),
  ]);
});

Deno.test("StoredObjects does not ask for a small file's sake alone", () => {
  const stored = new StoredObjects(new Lister());
  stored.doubt("a");
  assertEquals(stored.isWorthAsking("a", 100), false);
  assertEquals(stored.isWorthAsking("a", 1_000_000), true);
  assertEquals(stored.isWorthAsking("b", 1_000_000), false);
  stored.doubtAll();
  assertEquals(stored.isWorthAsking("b", 100), true);
});

Deno.test("StoredObjects finds what is not as it was sent", async () => {
  const server = new Lister();
  const stored = new StoredObjects(server);
  for (const key of ["same", "other", "gone", "nameless"]) {
    stored.set(key, one("1"));
  }
  server.objects = { same: "1", other: "2", nameless: "", more: "3" };
  assertEquals(await stored.audit(NODE), ["other", "gone"]);
});
