import { assertEquals } from "@std/assert";
import { createHash } from "node:crypto";
import { ContentHash } from "../../../src/upload/sending/content_hash.ts";
import { SharedFile } from "../../../src/upload/sending/shared_file.ts";
import { RunDir } from "../support/support.ts";

const md5 = (bytes: Uint8Array) =>
  createHash("md5").update(bytes).digest("hex");

Deno.test("ContentHash is carried on from where it was, and its copy goes its own way", async () => {
  using dir = new RunDir();
  const bytes = crypto.getRandomValues(new Uint8Array(60_000));
  Deno.writeFileSync(`${dir.path}/a`, bytes);
  using file = Deno.openSync(`${dir.path}/a`);
  const shared = new SharedFile(file);
  const hash = await ContentHash.begin();
  assertEquals(hash.checksum, md5(new Uint8Array()));
  await hash.read(shared, 10);
  await hash.read(shared, 20_000);
  assertEquals([hash.sizeBytes, hash.checksum], [
    20_010,
    md5(bytes.subarray(0, 20_010)),
  ]);
  const copy = hash.copy();
  await copy.read(shared, 39_990);
  assertEquals([hash.sizeBytes, copy.checksum], [20_010, md5(bytes)]);
  assertEquals([await hash.isStillIn(shared), await copy.isStillIn(shared)], [
    true,
    true,
  ]);
});

Deno.test("ContentHash notices a change at either end of what it has seen, however it came in", async () => {
  for (const pieces of [[20_000], [1, 5000, 14_999], [19_999, 1]]) {
    using dir = new RunDir();
    const path = `${dir.path}/a`;
    const bytes = crypto.getRandomValues(new Uint8Array(20_000));
    const hash = await ContentHash.begin();
    let at = 0;
    for (const piece of pieces) hash.add(bytes.subarray(at, at += piece));
    const isIn = async (change: (file: Uint8Array) => Uint8Array) => {
      Deno.writeFileSync(path, change(bytes.slice()));
      using file = Deno.openSync(path);
      return await hash.isStillIn(new SharedFile(file));
    };
    const flip = (at: number) => (file: Uint8Array) => {
      file[at] = (file[at] ?? 0) ^ 1;
      return file;
    };
    const label = pieces.join();
    assertEquals(await isIn((file) => file), true, label);
    for (const place of [0, 4095, 15_904, 19_999]) {
      assertEquals(await isIn(flip(place)), false, `${label} at ${place}`);
    }
    assertEquals(await isIn((file) => file.subarray(0, 19_999)), false, label);
    assertEquals(await isIn(flip(10_000)), true, "a probe, no proof");
  }
});
