/**
 * What the project relies on in `@std/path`, held against the stand-in and against
 * what the bare name resolves to: the original where JSR answers.
 */

import * as installedPath from "@std/path";
import { strictEqual, throws } from "node:assert/strict";
import { sep } from "node:path";
import * as ourPath from "./std/path/mod.ts";

Deno.test("path gives what the platform's rules give", () => {
  const root = Deno.build.os === "windows" ? "C:\\" : "/";
  for (const path of [ourPath, installedPath]) {
    const { join, basename, dirname, extname, normalize, relative } = path;
    const cases: [got: unknown, wanted: unknown][] = [
      [join("a", "..", "b", "c"), `b${sep}c`],
      [basename("a/b.txt"), "b.txt"],
      [basename("a/b.txt", ".txt"), "b"],
      [dirname("a/b.txt"), "a"],
      [dirname("b.txt"), "."],
      [extname("a/b.tar.gz"), ".gz"],
      [extname(".profile"), ""],
      [normalize("a//b/./c/.."), `a${sep}b`],
      [relative(`${root}a${sep}b`, `${root}a${sep}c`), `..${sep}c`],
      [path.isAbsolute(`${root}a`), true],
      [path.isAbsolute("a"), false],
      [path.resolve(`${root}a`, "..", "b"), `${root}b`],
      [path.resolve("a"), join(Deno.cwd(), "a")],
      [path.SEPARATOR, sep],
      [path.SEPARATOR_PATTERN.test(sep), true],
    ];
    for (const [i, [got, wanted]] of cases.entries()) {
      strictEqual(got, wanted, `case ${i}`);
    }
  }
});

Deno.test("path and file URL are each other's inverse", () => {
  const root = Deno.build.os === "windows" ? "C:\\" : "/";
  const names = ["a", "a b", "100%", "%20", "é\u{1F600}", "a#b", "a;b", "a+b"];
  if (Deno.build.os !== "windows") names.push("a?b", "a\\b", "a\nb\tc", ' "<>');
  for (
    const { fromFileUrl, toFileUrl, join, dirname } of [ourPath, installedPath]
  ) {
    for (const name of names) {
      const path = join(root, "x", name);
      strictEqual(fromFileUrl(toFileUrl(path)), path);
      strictEqual(fromFileUrl(toFileUrl(path).href), path);
      strictEqual(dirname(toFileUrl(path)), join(root, "x"));
    }
    strictEqual(toFileUrl(join(root, "a b%")).href.endsWith("/a%20b%25"), true);
    throws(() => fromFileUrl("https://x/y"), TypeError);
    throws(() => toFileUrl("a"), TypeError);
  }
});
