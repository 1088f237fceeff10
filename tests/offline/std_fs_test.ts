/**
 * What the project relies on in `@std/fs`, held against the stand-in and against
 * what the bare name resolves to: the original where JSR answers.
 */

import * as installedFs from "@std/fs";
import {
  deepStrictEqual,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { join } from "node:path";
import * as ourFs from "./std/fs/mod.ts";

Deno.test("fs ensureDir() makes a directory, and refuses a file", async () => {
  for (const { ensureDir, ensureDirSync } of [ourFs, installedFs]) {
    await inTempDir(async (dir) => {
      await ensureDir(join(dir, "a", "b"));
      await ensureDir(join(dir, "a", "b"));
      ensureDirSync(join(dir, "c", "d"));
      ensureDirSync(join(dir, "c", "d"));
      strictEqual(Deno.statSync(join(dir, "a", "b")).isDirectory, true);
      strictEqual(Deno.statSync(join(dir, "c", "d")).isDirectory, true);
      const file = join(dir, "file");
      await Deno.writeTextFile(file, "");
      await rejects(ensureDir(file), /expected 'dir', got 'file'/);
      throws(() => ensureDirSync(file), /expected 'dir', got 'file'/);
      strictEqual(Deno.statSync(file).isFile, true);
    });
  }
});

Deno.test("fs exists() tells files from directories", async () => {
  for (const { exists, existsSync } of [ourFs, installedFs]) {
    await inTempDir(async (dir) => {
      const file = join(dir, "file");
      await Deno.writeTextFile(file, "");
      const cases: [path: string, options: object, wanted: boolean][] = [
        [file, {}, true],
        [file, { isFile: true }, true],
        [file, { isDirectory: true }, false],
        [file, { isReadable: true }, true],
        [dir, { isDirectory: true }, true],
        [dir, { isFile: true }, false],
        [join(dir, "nothing"), {}, false],
      ];
      for (const [path, options, wanted] of cases) {
        const text = `${path} ${JSON.stringify(options)}`;
        strictEqual(await exists(path, options), wanted, text);
        strictEqual(existsSync(path, options), wanted, text);
      }
      const both = { isFile: true, isDirectory: true };
      await rejects(exists(file, both), TypeError);
      throws(() => existsSync(file, both), TypeError);
    });
  }
});

Deno.test("fs walk() finds what its options ask for", async () => {
  for (const { walk, walkSync } of [ourFs, installedFs]) {
    await inTempDir(async (dir) => {
      await fill(dir, { "a.txt": "", "b/c.ts": "", "b/d/e.txt": "" });
      await Deno.symlink(join(dir, "b", "c.ts"), join(dir, "link"));
      const cases: [options: object, wanted: string[]][] = [
        [{}, ["", "a.txt", "b", "b/c.ts", "b/d", "b/d/e.txt", "link"]],
        [{ maxDepth: 1 }, ["", "a.txt", "b", "link"]],
        [{ maxDepth: 0 }, [""]],
        [{ maxDepth: -1 }, []],
        [{ includeDirs: false }, ["a.txt", "b/c.ts", "b/d/e.txt", "link"]],
        [{ includeFiles: false }, ["", "b", "b/d", "link"]],
        [{ exts: ["txt", ".ts"] }, ["a.txt", "b/c.ts", "b/d/e.txt"]],
        [{ match: [/c\.ts$/] }, ["b/c.ts"]],
        [{ skip: [/[\\/]b$/] }, ["", "a.txt", "link"]],
        [
          { includeDirs: false, includeSymlinks: false },
          ["a.txt", "b/c.ts", "b/d/e.txt"],
        ],
        [
          { followSymlinks: true, canonicalize: false, includeDirs: false },
          ["a.txt", "b/c.ts", "b/d/e.txt", "link"],
        ],
      ];
      for (const [options, wanted] of cases) {
        const found = await Array.fromAsync(walk(dir, options));
        const text = JSON.stringify(options);
        deepStrictEqual(places(dir, found), wanted, text);
        deepStrictEqual(places(dir, [...walkSync(dir, options)]), wanted, text);
      }
      const [first] = await Array.fromAsync(walk(join(dir, "b", "c.ts"), {
        maxDepth: 0,
      }));
      strictEqual(first?.isFile, true);
      strictEqual(first?.name, "c.ts");
      const nowhere = walk(join(dir, "nothing"));
      await rejects(nowhere.next(), Deno.errors.NotFound);
    });
  }
});

Deno.test("fs emptyDir() leaves an empty directory", async () => {
  for (const { emptyDir, emptyDirSync } of [ourFs, installedFs]) {
    for (const empty of [emptyDir, emptyDirSync]) {
      await inTempDir(async (dir) => {
        await fill(dir, { "a/b/c": "", "a/d": "" });
        await empty(join(dir, "a"));
        await empty(join(dir, "new"));
        deepStrictEqual([...Deno.readDirSync(join(dir, "a"))], []);
        deepStrictEqual([...Deno.readDirSync(join(dir, "new"))], []);
      });
    }
  }
});

Deno.test("fs copy() copies trees, and overwrites only when told to", async () => {
  for (const { copy, walk } of [ourFs, installedFs]) {
    await inTempDir(async (dir) => {
      await fill(dir, { "a/b/c": "one", "a/d": "two" });
      await Deno.utime(join(dir, "a", "d"), 1_000, 2_000);
      const [from, to] = [join(dir, "a"), join(dir, "z")];
      await copy(from, to, { preserveTimestamps: true });
      const found = await Array.fromAsync(walk(to));
      deepStrictEqual(places(to, found), ["", "b", "b/c", "d"]);
      strictEqual(Deno.readTextFileSync(join(to, "b", "c")), "one");
      strictEqual(Deno.statSync(join(to, "d")).mtime?.getTime(), 2_000_000);
      await Deno.writeTextFile(join(from, "d"), "three");
      await rejects(copy(from, to), Deno.errors.AlreadyExists);
      strictEqual(Deno.readTextFileSync(join(to, "d")), "two");
      await copy(from, to, { overwrite: true });
      strictEqual(Deno.readTextFileSync(join(to, "d")), "three");
      await rejects(copy(from, from), /cannot be the same/);
      await rejects(copy(from, join(from, "b", "x")), /subdirectory of itself/);
      await rejects(copy(join(dir, "none"), to), Deno.errors.NotFound);
    });
  }
});

async function inTempDir(use: (dir: string) => Promise<void>): Promise<void> {
  const dir = await Deno.realPath(await Deno.makeTempDir());
  try {
    await use(dir);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
}

async function fill(dir: string, files: Record<string, string>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await Deno.mkdir(join(dir, path, ".."), { recursive: true });
    await Deno.writeTextFile(join(dir, path), text);
  }
}

function places(dir: string, found: readonly { path: string }[]): string[] {
  return found.map(({ path }) =>
    path.slice(dir.length + 1).replaceAll("\\", "/")
  ).sort();
}
