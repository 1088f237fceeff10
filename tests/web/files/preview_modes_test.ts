import { assertEquals } from "@std/assert";
import {
  MAX_JSON_BYTES,
  previewModes,
} from "../../../src/web/files/preview_modes.ts";

const TEXT = new TextEncoder().encode("text 字\n");
const BINARY = new Uint8Array([0x89, 0x50, 0, 1, 2, 255]);

Deno.test("previewModes() names the best way to look at an object first", () => {
  const cases: [string, Uint8Array, string][] = [
    ["a.txt", TEXT, "text hex"],
    ["Makefile", TEXT, "text hex"],
    ["a.yaml", TEXT, "text hex"],
    ["a.json", TEXT, "tree text hex"],
    ["a.JSON", BINARY, "hex text"],
    ["t.csv", TEXT, "table text hex"],
    ["references.yaml", TEXT, "references text hex"],
    ["sub/references.yaml", TEXT, "text hex"],
    ["p.png", BINARY, "image hex"],
    ["s.svg", TEXT, "image text hex"],
    ["model.pt", BINARY, "hex text"],
    ["latin1.txt", new Uint8Array([0x61, 0xe9, 0x62]), "hex text"],
    ["cut.txt", TEXT.subarray(0, 6), "text hex"],
  ];
  for (const [path, begin, wanted] of cases) {
    const object = {
      path,
      size_bytes: begin.length,
      mtime: 0,
      checksum: "",
      content_type: "",
    };
    assertEquals(previewModes(object, begin).join(" "), wanted, path);
  }
  const huge = {
    path: "a.json",
    size_bytes: MAX_JSON_BYTES + 1,
    mtime: 0,
    checksum: "",
    content_type: "",
  };
  assertEquals(previewModes(huge, TEXT)[0], "text");
});
