import { assertEquals } from "@std/assert";
import { scanDirectory } from "../../src/local/scan_directory.ts";
import { scanNow } from "../../src/local/scan_now.ts";
import { ROOT, runScript } from "../support/script.ts";
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
  assertEquals(scanNow(dir.path), { files: found, isWhole: true });
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
  assertEquals(scanNow(dir.path), { files: found, isWhole: true });
});

Deno.test("scanDirectory() leaves out what is no file, and finds nothing where nothing is", async () => {
  using dir = new RunDir({ "a.txt": "1" });
  const { success } = await new Deno.Command("mkfifo", {
    args: [`${dir.path}/pipe`],
  }).output();
  assertEquals(success, true);
  assertEquals([...(await scanDirectory(dir.path)).keys()], ["a.txt"]);
  assertEquals((await scanDirectory(`${dir.path}/nothing`)).size, 0);
  assertEquals([...scanNow(dir.path).files.keys()], ["a.txt"]);
  const nothing = { files: new Map(), isWhole: true };
  assertEquals(scanNow(`${dir.path}/nothing`), nothing);
});

Deno.test("scanNow() and fingerprint() tell that something cannot be looked at", async () => {
  using dir = new RunDir({ "a.txt": "1", "b/c.txt": "2" });
  const room = new URL("src/local/", ROOT);
  const script = `
import { scanNow } from "${room}scan_now.ts";
import { fingerprint, fingerprintOf } from "${room}fingerprint.ts";
const { files, isWhole } = scanNow(${JSON.stringify(dir.path)});
const known = await fingerprint(${JSON.stringify(dir.path)});
console.log([...files.keys()].sort(), isWhole, known === await fingerprintOf(files));
`;
  const run = async (...flags: string[]) =>
    (await runScript(script, { dir: dir.parent, flags })).stdout.trim();
  assertEquals(await run("-A"), '[ "a.txt", "b/c.txt" ] true true');
  const denied = `--deny-read=${dir.path}/b`;
  assertEquals(
    await run("--allow-read", denied),
    '[ "a.txt" ] false false',
  );
});
