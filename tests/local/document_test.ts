import { assertEquals, assertFalse } from "@std/assert";
import { join } from "@std/path";
import { Document } from "../../src/local/document.ts";
import { tempDir } from "../support/temp_dir.ts";

Deno.test("Document replaces the file whole, under a new inode, and leaves no temporary file", () => {
  using dir = tempDir();
  const state = join(dir.path, ".state");
  Deno.mkdirSync(state);
  const document = new Document(join(dir.path, "metadata.yaml"), state);
  document.write("a: 1\n");
  const reader = Deno.openSync(document.path);
  const before = Deno.statSync(document.path).ino;
  document.write("a: 2\n");
  const old = new Uint8Array(16);
  assertEquals(
    new TextDecoder().decode(old.subarray(0, reader.readSync(old) ?? 0)),
    "a: 1\n",
  );
  reader.close();
  assertEquals(Deno.readTextFileSync(document.path), "a: 2\n");
  assertFalse(before === Deno.statSync(document.path).ino);
  assertEquals([...Deno.readDirSync(state)], []);
});

Deno.test("Document does not write a text that is there already", () => {
  using dir = tempDir();
  const document = new Document(join(dir.path, "a.yaml"), dir.path);
  assertEquals(document.write("x"), true);
  const before = Deno.statSync(document.path).ino;
  assertEquals(document.write("x"), false);
  assertEquals(Deno.statSync(document.path).ino, before);
});

Deno.test("Document keeps the old text when the new one cannot be written", () => {
  using dir = tempDir();
  const document = new Document(
    join(dir.path, "a.yaml"),
    join(dir.path, "gone"),
  );
  Deno.writeTextFileSync(document.path, "old");
  let failed = false;
  try {
    document.write("new");
  } catch (error) {
    failed = error instanceof Deno.errors.NotFound;
  }
  assertEquals(failed, true);
  assertEquals(Deno.readTextFileSync(document.path), "old");
});
