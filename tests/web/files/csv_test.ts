import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseCsv } from "../../../src/web/files/csv.ts";

Deno.test("parseCsv() reads back what is written by the rules", () => {
  const cell = fc.string({ unit: fc.constantFrom(...'ab,;"\n\r\t 字') });
  fc.assert(fc.property(
    fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1 }),
    fc.constantFrom("\n", "\r\n"),
    (rows, end) => {
      const text = rows.map((row) =>
        row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",") + end
      ).join("");
      assertEquals(parseCsv(text, { separator: ",", maxRows: 1000 }), {
        rows,
        isCut: false,
      });
    },
  ));
});

Deno.test("parseCsv() reads what spreadsheets and people write", () => {
  const cases: [string, string[][]][] = [
    ["", []],
    ["a,b\n1,2", [["a", "b"], ["1", "2"]]],
    ["\ufeffa;b\r\n1,5;2\r\n", [["a", "b"], ["1,5", "2"]]],
    ["a\tb\n\t\n", [["a", "b"], ["", ""]]],
    ["a,\n,b", [["a", ""], ["", "b"]]],
    ["a,", [["a", ""]]],
    ['"open, cell\n', [["open, cell\n"]]],
    ['"x"y,z', [["xy", "z"]]],
    ['a"b,c', [['a"b', "c"]]],
  ];
  for (const [text, rows] of cases) {
    assertEquals(
      parseCsv(text, { maxRows: 10 }).rows,
      rows,
      JSON.stringify(text),
    );
  }
  assertEquals(parseCsv("a\nb\nc\n", { maxRows: 2 }), {
    rows: [["a"], ["b"]],
    isCut: true,
  });
});
