import { assertEquals } from "@std/assert";
import { folderOf, prefixesOf } from "../../../src/web/files/folder_entries.ts";

const object = (path: string, size_bytes: number, mtime = 1) => ({
  path,
  size_bytes,
  mtime,
  checksum: "",
  content_type: "",
});

Deno.test("folderOf() shows what lies directly in a folder, and what is below in sum", () => {
  const all = [
    object("a.txt", 1),
    object("m/train.yaml", 10, 5),
    object("m/deep/x", 100, 9),
    object("m2/y", 1000),
  ];
  const root = folderOf(all, "");
  assertEquals(root.folders, [
    { name: "m", prefix: "m/", count: 2, bytes: 110, mtime: 9 },
    { name: "m2", prefix: "m2/", count: 1, bytes: 1000, mtime: 1 },
  ]);
  assertEquals(root.objects.map(({ path }) => path), ["a.txt"]);
  assertEquals([root.count, root.bytes], [4, 1111]);
  const inner = folderOf(all, "m/");
  assertEquals(inner.folders.map(({ prefix }) => prefix), ["m/deep/"]);
  assertEquals(inner.objects.map(({ path }) => path), ["m/train.yaml"]);
  assertEquals([inner.count, inner.bytes], [2, 110]);
});

Deno.test("folderOf() tells an object from a folder of the same name", () => {
  const { folders, objects } = folderOf([object("a", 1), object("a/b", 2)], "");
  assertEquals(folders.map(({ name }) => name), ["a"]);
  assertEquals(objects.map(({ path }) => path), ["a"]);
  assertEquals(
    folderOf([object("__proto__/x", 1)], "").folders[0]?.name,
    "__proto__",
  );
});

Deno.test("prefixesOf() names the folders on the way", () => {
  assertEquals(prefixesOf("a/b/c/"), ["a/", "a/b/", "a/b/c/"]);
  assertEquals(prefixesOf(""), []);
});
