import { assert, assertEquals, assertThrows } from "@std/assert";
import { relative, resolve } from "@std/path";
import fc from "fast-check";
import { objectPath } from "../../src/artifact/object_path.ts";

const path = (wanted: unknown, name = "a.txt") =>
  objectPath({ wanted, name, source: "data/a.txt" });

Deno.test("objectPath() follows the Python SDK's rule", () => {
  const table: [string | undefined, string][] = [
    [undefined, "a.txt"],
    ["", "a.txt"],
    ["/", "a.txt"],
    ["x/", "x/a.txt"],
    ["/x/", "x/a.txt"],
    ["x/y/", "x/y/a.txt"],
    ["y/renamed.txt", "y/renamed.txt"],
    ["/y", "y"],
    ["x/metadata.yaml", "x/metadata.yaml"],
    ["空 格.txt", "空 格.txt"],
    ["a\nb", "a\nb"],
    ["...", "..."],
  ];
  for (const [wanted, expected] of table) assertEquals(path(wanted), expected);
});

Deno.test("objectPath() refuses what leads elsewhere, to the artifact's documents, or nowhere", () => {
  const table: [string, string][] = [
    ["../x", `segment that is empty, "." or ".."`],
    ["a/../../x", `segment that is empty, "." or ".."`],
    ["..", `segment that is empty, "." or ".."`],
    ["./a", `segment that is empty, "." or ".."`],
    ["a//b", `segment that is empty, "." or ".."`],
    ["//a", `segment that is empty, "." or ".."`],
    ["a\\..\\b", "separates on Windows"],
    ["a\0b", "NUL"],
    ["a\ud800", "well-formed"],
    ["x".repeat(256), "longer than 255 bytes"],
    ["习".repeat(86), "longer than 255 bytes"],
    ["abcdefg/".repeat(128) + "x", "longer than 1024 bytes"],
    ["metadata.yaml", "what it is"],
    ["/references.yaml", "what it is"],
    ["Metadata.YAML", "what it is"],
    ["metadata.yaml/", "what it is"],
    ["references.yaml/a", "what it is"],
  ];
  for (const [wanted, message] of table) {
    assertThrows(() => path(wanted), RangeError, message);
  }
  assertThrows(() => path("", "metadata.yaml"), RangeError, "what it is");
  assertThrows(() => path("a/", ""), RangeError, "pass an object path");
  assertThrows(() => path(7), TypeError, "must be a string, and is 7");
});

Deno.test("objectPath() never gives a path that leads out of a directory", () => {
  const part = fc.constantFrom("a", "..", ".", "", "/", "\\", "\0", "...");
  const wanted = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(part).map((parts) => parts.join("/")),
  );
  fc.assert(fc.property(wanted, (text) => {
    let accepted: string;
    try {
      accepted = path(text);
    } catch (error) {
      assert(error instanceof RangeError);
      return;
    }
    const way = relative("/top/dir", resolve("/top/dir", accepted));
    assertEquals(way, accepted);
    assert(!way.startsWith("../") && way !== "..");
  }));
});
