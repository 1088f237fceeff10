import { assertEquals, assertMatch } from "@std/assert";
import { join, resolve, SEPARATOR } from "@std/path";
import fc from "fast-check";
import { brokenPathRule, findCollision } from "../../src/download/safe_path.ts";

Deno.test("brokenPathRule() lets no path lead out of its directory", () => {
  const part = fc.constantFrom(
    "..",
    ".",
    "",
    "a",
    "/",
    "\\",
    "\0",
    "C:",
    "NUL",
  );
  const path = fc.array(part, { maxLength: 6 }).map((parts) => parts.join("/"));
  fc.assert(fc.property(fc.oneof(path, fc.string()), (key) => {
    if (brokenPathRule(key) !== undefined) return;
    const base = resolve("/base/dir");
    const full = resolve(join(base, key));
    assertEquals(full.startsWith(base + SEPARATOR), true, key);
    assertEquals(full, `${base}${SEPARATOR}${key}`);
  }));
});

Deno.test("brokenPathRule() knows what Windows cannot name", () => {
  for (
    const path of ["C:x", "a/b:c", "a?", 'q"', "a|b", "end.", "end ", "\x01"]
  ) {
    assertMatch(brokenPathRule(path, { os: "windows" }) ?? "", /Windows/, path);
    assertEquals(brokenPathRule(path, { os: "linux" }), undefined, path);
  }
  for (const path of ["con", "sub/COM1.txt", "lpt9", "Aux.tar.gz"]) {
    assertMatch(brokenPathRule(path, { os: "linux" }) ?? "", /device/, path);
  }
  for (const path of ["console", "a.con", "common", "metrics/a b.c.yaml"]) {
    assertEquals(brokenPathRule(path, { os: "windows" }), undefined, path);
  }
});

Deno.test("findCollision() finds two names for one file", () => {
  const table: readonly (readonly [string[], typeof Deno.build.os, unknown])[] =
    [
      [["a", "b", "a/b"], "linux", ["a", "a/b"]],
      [["a/b/c/d", "a/b"], "linux", ["a/b", "a/b/c/d"]],
      [["a", "a"], "linux", ["a", "a"]],
      [["a", "A"], "linux", undefined],
      [["a", "A"], "windows", ["a", "A"]],
      [["A/x", "a"], "darwin", ["a", "A/x"]],
      [["\u00e9", "e\u0301"], "darwin", ["\u00e9", "e\u0301"]],
      [["ab/c", "a", "a b"], "linux", undefined],
    ];
  for (const [paths, os, found] of table) {
    assertEquals(findCollision(paths, { os }), found as never, `${paths}`);
  }
});
