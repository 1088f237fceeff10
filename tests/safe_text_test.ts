import { assertEquals } from "@std/assert";
import { safeLines, safeText } from "../src/safe_text.ts";

Deno.test("safeText() shows what would disturb a terminal, and leaves the rest", () => {
  const cases: [text: string, safe: string][] = [
    ["plain – 空格 🎉", "plain – 空格 🎉"],
    ["a\x1b[2Jb", "a\\x1b[2Jb"],
    ["a\nb\tc\rd", "a\\nb\\tc\\rd"],
    ["\u202Eevil\u2066", "\\u202eevil\\u2066"],
    ["\x07\x9b", "\\x07\\x9b"],
  ];
  for (const [text, safe] of cases) assertEquals(safeText(text), safe);
  assertEquals(safeLines("a\r\nb\tc\x1bd\n"), "a\nb\tc\\x1bd\n");
});
