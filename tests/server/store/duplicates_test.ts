import { join } from "@std/path";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { MIN_SHARED_BYTES } from "../../../src/server/limits.ts";
import { Database } from "../../../src/server/store/database.ts";
import { keepFiles } from "../../../src/server/store/lock.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { openStore } from "../support/store_fixture.ts";

function bytes(fill: number, size = MIN_SHARED_BYTES): Uint8Array<ArrayBuffer> {
  return new Uint8Array(size).fill(fill);
}

const tail = new TextEncoder().encode("tail");

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

Deno.test("equal objects are stored once, whoever sent them, and each goes its own way afterwards", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const { store, a, b } = t;
  const first = await t.put(a, "x", bytes(1));
  const second = await t.put(b, "y", bytes(1));
  const third = await t.put(b, "z", bytes(2));
  const small = await t.put(a, "small", bytes(1, MIN_SHARED_BYTES - 1));
  await t.put(b, "small", bytes(1, MIN_SHARED_BYTES - 1));
  await store.duplicates.settled();
  assertEquals(t.firstFile(second), t.firstFile(first));
  assertNotEquals(t.firstFile(third), t.firstFile(first));
  assertNotEquals(t.firstFile(small), t.firstFile(first));
  assertEquals(t.files(), 4);
  assertEquals(await t.read(b, "y"), bytes(1));

  await t.append(a, "x", tail);
  await t.append(b, "y", joined(tail, tail));
  await t.append(a, "x", tail);
  assertEquals(await t.read(a, "x"), joined(bytes(1), tail, tail));
  assertEquals(await t.read(b, "y"), joined(bytes(1), tail, tail));
  await t.append(b, "y", tail);
  assertEquals(await t.read(a, "x"), joined(bytes(1), tail, tail));

  await store.contents.deleteObjects(a, ["x"]);
  assertEquals(await t.read(b, "y"), joined(bytes(1), tail, tail, tail));
  await store.contents.deleteObjects(b, ["y"]);
  assertEquals(t.files(), 3);
});

Deno.test("objects with the same checksum that differ are kept apart", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const first = await t.put(t.a, "x", bytes(1));
  {
    // As if somebody had made a file with the checksum of another.
    using database = new Database(join(dir.path, "aistore.db"));
    const content = await t.store.contents.write(
      ReadableStream.from([bytes(2)]),
    );
    await t.store.contents.putObject({ nodeId: t.b, key: "y" }, {
      ...content,
      md5: first.md5,
    }, { contentType: "a/b" });
    await t.store.duplicates.settled();
    assertEquals(
      database.query("SELECT DISTINCT file FROM segments").all().length,
      2,
    );
  }
  assertEquals(await t.read(t.b, "y"), bytes(2));
});

Deno.test("what an older version stored twice is found when all objects are looked at", async () => {
  using dir = tempDir();
  {
    using t = openStore(dir.path);
    await t.put(t.a, "x", bytes(1));
    // Closed before it is compared.
    t.store.duplicates[Symbol.dispose]();
    await t.put(t.b, "y", bytes(1));
    assertEquals(t.files(), 2);
  }
  using t = openStore(dir.path);
  t.store.duplicates.lookAtAll();
  await t.store.duplicates.settled();
  assertEquals(t.files(), 1);
  assertEquals(await t.read(t.a, "x"), bytes(1));
  assertEquals(await t.read(t.b, "y"), bytes(1));
});

Deno.test("who reads an object while it moves to another file reads it to its end", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const content = bytes(3, 2 * 2 ** 20);
  await t.put(t.a, "x", content);
  const object = await t.put(t.b, "y", content);
  const stream = await t.store.files.read(t.store.objects.segments(object), {
    range: { start: 0, end: object.size },
  });
  await t.store.duplicates.settled();
  assertEquals(t.files(), 2);
  assertEquals(
    new Uint8Array(await new Response(stream).arrayBuffer()),
    content,
  );
  assertEquals(t.files(), 1);
});

Deno.test("a copy of an object takes no room, replaces what is there, and goes its own way", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const { store, a, b } = t;
  await t.put(a, "x", tail);
  await t.put(b, "y", bytes(9, 10));
  const from = { nodeId: a, key: "x" };
  const copy = await store.contents.shareObject(from, { nodeId: b, key: "y" });
  assertEquals([copy?.size, copy?.content_type], [4, "a/b"]);
  assertEquals(t.files(), 1);
  // An object may be copied onto itself.
  await store.contents.shareObject(from, from);
  assertEquals(await t.read(a, "x"), tail);
  assertEquals(
    await store.contents.shareObject({ nodeId: a, key: "none" }, from),
    undefined,
  );
  await t.append(b, "y", bytes(1, 1));
  await t.append(a, "x", bytes(2, 2));
  assertEquals(await t.read(b, "y"), joined(tail, bytes(1, 1)));
  assertEquals(await t.read(a, "x"), joined(tail, bytes(2, 2)));
  assertEquals(t.files(), 3);
  await store.contents.deleteObjects(a, ["x"]);
  assertEquals(await t.read(b, "y"), joined(tail, bytes(1, 1)));
  await store.contents.deleteObjects(b, ["y"]);
  assertEquals(t.files(), 0);
});

Deno.test("appends to two copies at the same time do not meet in one file", async () => {
  using dir = tempDir();
  using t = openStore(dir.path);
  const { store, a, b } = t;
  await t.put(a, "x", tail);
  await t.append(a, "x", tail);
  for (let round = 0; round < 20; round++) {
    const before = await t.read(a, "x");
    await Promise.all([
      t.append(a, "x", bytes(round, 100)),
      store.contents.shareObject({ nodeId: a, key: "x" }, {
        nodeId: b,
        key: "y",
      })
        .then(() => t.append(b, "y", bytes(round + 100, 50))),
    ]);
    assertEquals(await t.read(a, "x"), joined(before, bytes(round, 100)));
    const copied = await t.read(b, "y");
    const start = copied.subarray(0, copied.length - 50);
    assert(
      start.length === before.length || start.length === before.length + 100,
    );
    assertEquals(copied.subarray(-50), bytes(round + 100, 50));
    assertEquals(start, (await t.read(a, "x")).subarray(0, start.length));
  }
});

Deno.test("unused files stay for a time of grace, then go, and never while a backup is made", async () => {
  using dir = tempDir();
  using t = openStore(dir.path, { unusedGraceMs: 3_600_000 });
  const { store, a } = t;
  await t.put(a, "x", tail);
  await t.put(a, "x", bytes(1));
  assertEquals(t.files(), 2);
  await store.collector.collect();
  assertEquals(t.files(), 2);
  {
    using _kept = await keepFiles(dir.path);
    await store.collector.collect(0);
    assertEquals(t.files(), 2);
  }
  await store.collector.collect(0);
  assertEquals(t.files(), 1);
  assertEquals(await t.read(a, "x"), bytes(1));
});
