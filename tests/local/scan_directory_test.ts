import { assertEquals } from "@std/assert";
import { scanDirectory } from "../../src/local/scan_directory.ts";
import { RunDir } from "../upload/support/support.ts";

Deno.test("scanDirectory() finds every regular file below the directory", async () => {
  using dir = new RunDir({
    "a.txt": "1",
    "b/c/d.bin": "22",
    ".hidden/x": "",
    "中/ü &.txt": "4444",
  });
  Deno.mkdirSync(`${dir.path}/empty/deeper`, { recursive: true });
  const found = await scanDirectory(dir.path);
  const sizes = Object.fromEntries(
    [...found].map(([key, { sizeBytes }]) => [key, sizeBytes]),
  );
  assertEquals(sizes, {
    "a.txt": 1,
    "b/c/d.bin": 2,
    ".hidden/x": 0,
    "中/ü &.txt": 4,
  });
});

Deno.test("scanDirectory() follows links to files within the directory only", async () => {
  using dir = new RunDir({ "real.txt": "1", "sub/x.txt": "22" });
  Deno.writeTextFileSync(`${dir.parent}/secret`, "333");
  Deno.mkdirSync(`${dir.path}2`);
  Deno.writeTextFileSync(`${dir.path}2/near`, "333");
  const links = {
    "link.txt": "real.txt",
    "sub/up.txt": "../real.txt",
    "out": "../secret",
    "near": `${dir.path}2/near`,
    "dir": "sub",
    "loop": ".",
    "self": "self",
    "gone": "nothing",
    "etc": "/etc/hostname",
    "chain": "out",
  };
  for (const [key, target] of Object.entries(links)) {
    Deno.symlinkSync(target, `${dir.path}/${key}`);
  }
  const found = await scanDirectory(dir.path);
  assertEquals([...found.keys()].sort(), [
    "link.txt",
    "real.txt",
    "sub/up.txt",
    "sub/x.txt",
  ]);
  assertEquals(found.get("link.txt")?.sizeBytes, 1);
});

Deno.test("scanDirectory() leaves out what is no file, and finds nothing where nothing is", async () => {
  using dir = new RunDir({ "a.txt": "1" });
  const { success } = await new Deno.Command("mkfifo", {
    args: [`${dir.path}/pipe`],
  }).output();
  assertEquals(success, true);
  assertEquals([...(await scanDirectory(dir.path)).keys()], ["a.txt"]);
  assertEquals((await scanDirectory(`${dir.path}/nothing`)).size, 0);
});
