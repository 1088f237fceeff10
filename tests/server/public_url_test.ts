import { assertEquals, assertThrows } from "@std/assert";
import { parsePublicUrl } from "../../src/server/public_url.ts";

Deno.test("parsePublicUrl() takes web addresses and nothing that would not fit into a cookie's path", () => {
  assertEquals(parsePublicUrl(undefined), undefined);
  for (
    const text of [
      "https://lab.example.org",
      "https://lab.example.org/",
      "http://10.0.0.5:8080/a/b.c-d/",
    ]
  ) assertEquals(parsePublicUrl(text)?.href.startsWith(text), true, text);
  for (
    const text of [
      "",
      "lab.example.org/em",
      "ftp://lab.example.org",
      "https://u:p@lab.example.org",
      "https://lab.example.org/?a=b",
      "https://lab.example.org/#a",
      "https://lab.example.org//em",
      "https://lab.example.org/em;Domain=x",
      "https://lab.example.org/:x",
    ]
  ) {
    assertThrows(() => parsePublicUrl(text), RangeError, "public address");
  }
});
