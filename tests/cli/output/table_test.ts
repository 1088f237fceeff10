import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import stringWidth from "string-width";
import { fit, tableLines } from "../../../src/cli/output/table.ts";

Deno.test("tableLines() aligns columns, wide characters too, and numbers at their right", () => {
  assertEquals(
    tableLines({
      columns: [{ title: "NAME" }, { title: "LR", isNumeric: true }, {
        title: "LABELS",
      }],
      rows: [["a", "0.1", "x"], ["空格", "12", ""]],
    }),
    [
      "NAME   LR  LABELS",
      "a     0.1  x",
      "空格   12",
    ],
  );
});

Deno.test("tableLines() cuts what may be cut to the width of the terminal, the widest first", () => {
  const columns = [{ title: "NAME", least: 4 }, { title: "ID" }, {
    title: "TEXT",
    least: 4,
  }];
  const rows = [["abcdefghijkl", "12345678", "a much longer text than that"]];
  assertEquals(tableLines({ columns, rows, width: 34 }), [
    "NAME         ID        TEXT",
    "abcdefghij…  12345678  a much lon…",
  ]);
});

Deno.test("tableLines() lets nothing through that disturbs a terminal", () => {
  const text = fc.string({ unit: "binary", maxLength: 20 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 2, maxLength: 2 }), (row) => {
      const lines = tableLines({
        columns: [{ title: "A", least: 3 }, { title: "B", least: 3 }],
        rows: [row],
        width: 20,
      });
      assertEquals(lines.length, 2);
      // deno-lint-ignore no-control-regex -- these must not be there
      assert(!/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/.test(lines.join("")));
      assert(lines.every((line) => stringWidth(line) <= 20), lines.join("\n"));
    }),
  );
});

Deno.test("fit() cuts between characters", () => {
  assertEquals(fit("abc", 3), "abc");
  assertEquals(fit("abcd", 3), "ab…");
  assertEquals(fit("空格空格", 5), "空格…");
});
