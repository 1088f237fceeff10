import { assert, assertEquals } from "@std/assert";
import { walk } from "@std/fs";
import { fromFileUrl, join, relative } from "@std/path";
import { processTests } from "../run.ts";

const root = fromFileUrl(new URL("../../", import.meta.url));
const longestSource = 400;
const onlyFiles = { includeDirs: false, includeSymlinks: false };

Deno.test("the tree holds what a package needs, and no lock file", async () => {
  const files = await listed();
  for (const name of ["CHANGELOG.md", "LICENSE", "README.md", "mod.ts"]) {
    assert(files.includes(name), `${name} is missing`);
  }
  const strays = files.filter((path) =>
    path.endsWith("deno.lock") || /(^|\/)(vendor|node_modules)\//.test(path)
  );
  assertEquals(strays, []);
});

Deno.test("no file names a place of one machine", async () => {
  const place = ["", "work", ""].join("/");
  const found: string[] = [];
  for (const path of await listed()) {
    const text = await Deno.readTextFile(join(root, path));
    if (text.includes(place)) found.push(path);
  }
  assertEquals(found, []);
});

Deno.test(`no source file is longer than ${longestSource} lines`, async () => {
  const found: string[] = [];
  for (const path of await listed()) {
    if (!/^src\/.*\.tsx?$/.test(path)) continue;
    const text = await Deno.readTextFile(join(root, path));
    const lines = text.split("\n").length - 1;
    if (lines > longestSource) found.push(`${path}: ${lines} lines`);
  }
  assertEquals(found, []);
});

Deno.test("a test file that changes the environment runs alone", async () => {
  const found: string[] = [];
  for (const path of await listed()) {
    if (!path.endsWith("_test.ts")) continue;
    const text = await Deno.readTextFile(join(root, path));
    const changes = /Deno\.(?:env\.(?:set|delete)|chdir)\(|parentDirs\(/
      .test(text);
    const isAlone = processTests.some((name) => path.startsWith(name));
    if (changes && !isAlone) found.push(path);
  }
  assertEquals(found, []);
});

/**
 * What is or may be committed, by path from the root: everything that
 * `.gitignore` does not name. It works without git and in an unpacked archive.
 */
async function listed(): Promise<string[]> {
  const ignored = await ignoredNames();
  const found: string[] = [];
  for (const { name, isDirectory, isFile } of Deno.readDirSync(root)) {
    if (ignored.includes(name)) continue;
    if (isFile) found.push(name);
    if (!isDirectory) continue;
    for await (const { path } of walk(join(root, name), onlyFiles)) {
      found.push(relative(root, path).replaceAll("\\", "/"));
    }
  }
  return found.sort();
}

/** The names in `.gitignore`, which holds only folders and files of the root. */
async function ignoredNames(): Promise<string[]> {
  const text = await Deno.readTextFile(join(root, ".gitignore"));
  const lines = text.split(/\r?\n/).filter(Boolean);
  const names = lines.map((line) => /^\/([\w.-]+)\/?$/.exec(line)?.[1]);
  assert(!names.includes(undefined), `not of the form /name/: ${lines}`);
  return [".git", ...names as string[]];
}
