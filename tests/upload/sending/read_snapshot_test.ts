import { assert, assertEquals } from "@std/assert";
import {
  IN_MEMORY_BYTES,
  readSnapshot,
} from "../../../src/upload/sending/read_snapshot.ts";
import { RunDir } from "../support/support.ts";

Deno.test("readSnapshot() reads a small file whole, and says how far its time can be trusted", async () => {
  using dir = new RunDir({ "a.txt": "alpha" });
  const path = `${dir.path}/a.txt`;
  const fresh = await readSnapshot(path);
  assertEquals(new TextDecoder().decode(fresh?.bytes), "alpha");
  assertEquals([fresh?.settled, fresh?.stamp.sizeBytes], [false, 5]);
  Deno.utimeSync(path, 1, 1);
  const old = await readSnapshot(path);
  assertEquals([old?.settled, old?.stamp.mtimeMs], [true, 1000]);
});

Deno.test("readSnapshot() gives the old version of a file that is replaced, and its beginning when it grows", async () => {
  using dir = new RunDir({ "big.bin": "a".repeat(IN_MEMORY_BYTES + 1) });
  const path = `${dir.path}/big.bin`;
  {
    using snapshot = await readSnapshot(path);
    assert(snapshot?.file);
    assertEquals(snapshot.stamp.sizeBytes, IN_MEMORY_BYTES + 1);
    dir.append("big.bin", "more");
    assertEquals(await snapshot.isIntact(), true, "grown");
    dir.replace("big.bin", "b");
    assertEquals(
      await snapshot.isIntact(),
      true,
      "the open file is the one that was replaced",
    );
    assertEquals((await snapshot.file.stat()).size, IN_MEMORY_BYTES + 5);
  }
});

Deno.test("readSnapshot() notices a large file that is rewritten in place or shortened", async () => {
  for (const harm of ["rewrite", "truncate"]) {
    using dir = new RunDir({ "big.bin": "a".repeat(IN_MEMORY_BYTES + 1) });
    const path = `${dir.path}/big.bin`;
    Deno.utimeSync(path, 1, 1);
    using snapshot = await readSnapshot(path);
    using file = Deno.openSync(path, { write: true });
    if (harm === "truncate") file.truncateSync(10);
    else file.writeSync(new Uint8Array(10));
    assertEquals(await snapshot?.isIntact(), false, harm);
  }
});
