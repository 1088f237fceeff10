import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { parseYaml, YamlError } from "../../src/format/yaml_reader.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";
import { fingerprint, fromTyped, type Typed } from "./typed_value.ts";

Deno.test("parseYaml() reads every document of the Python SDK as PyYAML does, or fails where it fails", () => {
  const counts = { read: 0, failed: 0 };
  for (const path of parsedFixtures()) {
    const text = readFixture(path);
    const parsed: { ok: Typed } | { error: string } = JSON.parse(
      readFixture(`_parsed/${path}.json`),
    );
    if ("ok" in parsed) {
      assertEquals(
        fingerprint(parseYaml(text, { maps: "map" })),
        fingerprint(fromTyped(parsed.ok)),
        path,
      );
      counts.read++;
    } else {
      assertThrows(() => parseYaml(text), YamlError, undefined, path);
      counts.failed++;
    }
  }
  assertEquals(counts, { read: 175, failed: 2 });
});

Deno.test("parseYaml() gives plain objects whose keys are their own, in order", () => {
  const value = parseYaml(
    "b: 1\n__proto__: 2\na:\n  toString: 3\n1: x\nnull: y\n",
  );
  assertEquals(Object.entries(value as object), [
    ["1", "x"],
    ["b", 1],
    ["__proto__", 2],
    ["a", { toString: 3 }],
    ["null", "y"],
  ]);
  assertEquals(Object.getPrototypeOf(value), Object.prototype);
});

Deno.test("parseYaml() reads only plain scalars as anything but strings", () => {
  const text =
    "[yes, 'yes', \"yes\", !!str yes, 010, '010', 1:30, 1e-3, ~, 2020-01-01, !!int '3', !!float 3]";
  assertEquals(parseYaml(text), [
    true,
    "yes",
    "yes",
    "yes",
    8,
    "010",
    90,
    "1e-3",
    null,
    "2020-01-01",
    3,
    3,
  ]);
  assertEquals(parseYaml("a: |\n  yes\nb: >\n  1\n"), { a: "yes\n", b: "1\n" });
});

Deno.test("parseYaml() follows aliases and merge keys, and lets the last of equal keys count", () => {
  const value = parseYaml("a: &x\n- 1\nb: *x\n") as { a: unknown; b: unknown };
  assertEquals(value.a, [1]);
  assert(value.a === value.b);
  assertEquals(parseYaml("base: &b {x: 1, y: 2}\nc:\n  <<: *b\n  y: 3\n"), {
    base: { x: 1, y: 2 },
    c: { x: 1, y: 3 },
  });
  assertEquals(parseYaml("a: 1\nb: 2\na: 3\n"), { a: 3, b: 2 });
});

Deno.test("parseYaml() reads a text without a document as null", () => {
  for (const text of ["", "\n", "# only a comment\n", "---\n", "null\n...\n"]) {
    assertEquals(parseYaml(text), null, JSON.stringify(text));
  }
});

Deno.test("parseYaml() names line and cause of what it cannot read", () => {
  const cases: readonly (readonly [string, number | undefined, string])[] = [
    ["a: 1\nb: 'x", 2, "single quoted"],
    ["a: 1\n- b\n", 2, ""],
    ["a: [1, 2", 1, "flow collection"],
    ["a:\n\tb: 1\n", 2, "tab"],
    ["a: 1\nb: x\0y\n", 2, "null byte"],
    ["a: 'x\x07'\n", 1, "character"],
    ['a: "\\q"\n', 1, "escape"],
    ["a: *x\n", 1, "alias"],
    ["? [1]\n: 2\n", 1, "cannot be a key"],
    ["- 1\n---\n- 2\n", undefined, "single document"],
    [
      "a: 1\nb: !!python/tuple\n- 1\n",
      2,
      '"!!python/tuple" stands for a Python object',
    ],
    ["a: !mine 1\n", 1, "!mine"],
  ];
  for (const [text, line, cause] of cases) {
    const error = assertThrows(() => parseYaml(text), YamlError);
    assertStringIncludes(error.message, cause, text);
    assertEquals(error.line, line, `${JSON.stringify(text)}: ${error.message}`);
  }
});
