import { assert, assertEquals, assertThrows } from "@std/assert";
import { DamagedFileError } from "../../src/errors.ts";
import { decodeIndex, encodeIndex } from "../../src/format/run_index.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";

Deno.test("decodeIndex() and encodeIndex() give back every file of the Python SDK byte by byte", () => {
  const files = parsedFixtures().filter((path) => path.endsWith("/index.yaml"));
  assert(files.length > 20);
  for (const path of files) {
    const text = readFixture(path);
    assertEquals(encodeIndex(decodeIndex(text, path)), text, path);
  }
});

Deno.test("encodeIndex() keeps the order of all types and what makes them strings", () => {
  const types = ["val", "10", "yes", "2", "学习率", "__proto__", "train"];
  assertEquals(decodeIndex(encodeIndex(types)), types);
});

Deno.test("decodeIndex() names the file that is no index", () => {
  for (
    const text of ["", "- a", "metrics: a", "platform: platform.yaml", "a: 'x"]
  ) {
    assertThrows(
      () => decodeIndex(text, "r/index.yaml"),
      DamagedFileError,
      'Cannot read "r/index.yaml"',
      text,
    );
  }
  assertEquals(decodeIndex("metrics: null\n"), []);
});
