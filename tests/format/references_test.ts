import { assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DamagedFileError } from "../../src/errors.ts";
import {
  decodeReferences,
  encodeReferences,
} from "../../src/format/references.ts";
import { parsedFixtures, readFixture } from "./fixtures.ts";

Deno.test("decodeReferences() and encodeReferences() give back every file of the Python SDK byte by byte", () => {
  const files = parsedFixtures().filter((path) =>
    path.endsWith("/references.yaml")
  );
  assertGreater(files.length, 1);
  for (const path of files) {
    const text = readFixture(path);
    assertEquals(encodeReferences(decodeReferences(text, path)), text, path);
  }
});

Deno.test("references keep their order, also those whose paths look like numbers", () => {
  const references = new Map([
    ["b", "s3://b"],
    ["10", "s3://ten"],
    ["2", "s3://two"],
    ["学/习", "https://e.com/a: b#c"],
  ]);
  const text = encodeReferences(references);
  assertEquals([...decodeReferences(text)], [...references]);
  assertEquals([...decodeReferences("10: s3://ten\n")], [["10", "s3://ten"]]);
  assertEquals(decodeReferences("").size, 0);
});

Deno.test("decodeReferences() names the file and the key to blame", () => {
  const table: [string, string][] = [
    ["a: s3://a\nb: 1\n", '"b" must be a string'],
    ["- a\n", "the document must be a map"],
    ["a: [\n", ""],
  ];
  for (const [text, message] of table) {
    assertThrows(
      () => decodeReferences(text, "x/references.yaml"),
      DamagedFileError,
      message,
    );
  }
});
