import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { formatRoute, parseRoute } from "../../../src/web/state/route_text.ts";

Deno.test("parseRoute() reads the address that clients print, and those of the pages", () => {
  const cases: [hash: string, page: string, node: string, tab: string][] = [
    ["", "", "", ""],
    ["#/", "", "", ""],
    ["#/folders/6f9c/", "folders", "6f9c", ""],
    ["#/folders/6f9c", "folders", "6f9c", ""],
    ["#/folders/6f9c/metrics?x=time", "folders", "6f9c", "metrics"],
    ["#/compare?run=a&run=b", "compare", "", ""],
    ["#/compare/scatter?run=a", "compare", "", "scatter"],
    ["#/trash", "trash", "", ""],
    ["#/folders/%E0%A4%A/", "folders", "%E0%A4%A", ""],
  ];
  for (const [hash, page, node, tab] of cases) {
    const { params: _, ...rest } = parseRoute(hash);
    assertEquals(rest, { page, node, tab }, hash);
  }
  assertEquals(
    parseRoute("#/compare?run=a&run=b%3F").params.getAll("run"),
    ["a", "b?"],
  );
});

Deno.test("formatRoute() writes what parseRoute() reads", () => {
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  const value = fc.string({ unit: "grapheme" });
  fc.assert(fc.property(
    fc.constantFrom("folders", "compare"),
    value.filter((text) => text !== ""),
    word,
    fc.array(fc.tuple(word, value)),
    (page, node, tab, pairs) => {
      const params = new URLSearchParams(pairs);
      const route = { page, node: page === "folders" ? node : "", tab, params };
      const read = parseRoute(formatRoute(route));
      assertEquals(`${read.params}`, `${params}`);
      assertEquals({ ...read, params }, route);
    },
  ));
});
