import { assertEquals } from "@std/assert";
import {
  toCsv,
  toMarkdown,
} from "../../../../src/web/pages/compare/table_text.ts";

const TABLE = [["a", 'b "x"'], ["1,5", " s"], ["<b>|", "two\nlines"]];

Deno.test("toCsv() quotes what has to be quoted", () => {
  assertEquals(
    toCsv(TABLE),
    'a,"b ""x"""\r\n"1,5"," s"\r\n<b>|,"two\nlines"\r\n',
  );
});

Deno.test("toMarkdown() lets no value break out of its cell", () => {
  assertEquals(
    toMarkdown(TABLE),
    '| a | b "x" |\n| --- | ---: |\n| 1,5 |  s |\n| \\<b\\>\\| | two lines |\n',
  );
});
