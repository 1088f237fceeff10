import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseFilter } from "../../../../src/server/metrics/filter_parser.ts";
import {
  complete,
  completionAt,
  quoteName,
  quoteText,
} from "../../../../src/web/pages/folder/completion.ts";

const NAMES = ["lr", "optimizer.lr", "val/accuracy", "batch size", "status"];

/** What is proposed at `|`. */
function at(text: string): string[] {
  const caret = text.indexOf("|");
  const whole = text.slice(0, caret) + text.slice(caret + 1);
  return completionAt(whole, caret, NAMES).items.map(({ text }) => text);
}

Deno.test("completionAt() proposes the names that have what is typed, those that begin with it first", () => {
  const cases: [text: string, wanted: string[]][] = [
    ["l|", ["lr", "optimizer.lr", "val/accuracy"]],
    ["lr < 1 and acc|", ["val/accuracy"]],
    ["`bat|", ["`batch size`"]],
    ["ba|", ["`batch size`"]],
    ["va|l > 1", ["val/accuracy"]],
    ["status = |", ["Running", "Complete", "Error"]],
    ["status = r|", ["Running", "Error"]],
    ["optimizer.lr|", []],
    ["lr < 0.|", []],
    ["lr = l|", []],
    ['name = "l|', []],
    ["|", []],
    ["nothing|", []],
  ];
  for (const [text, wanted] of cases) assertEquals(at(text), wanted, text);
});

Deno.test("complete() replaces the word that the caret is in, and goes on behind it", () => {
  const put = (text: string) => {
    const caret = text.indexOf("|");
    const whole = text.slice(0, caret) + text.slice(caret + 1);
    const completion = completionAt(whole, caret, NAMES);
    const [first] = completion.items;
    assert(first !== undefined, text);
    const next = complete(whole, completion, first);
    return `${next.text.slice(0, next.caret)}|${next.text.slice(next.caret)}`;
  };
  assertEquals(put("acc|"), "val/accuracy |");
  assertEquals(put("va|l > 1"), "val/accuracy |> 1");
  assertEquals(put("lr < 1 and `ba|"), "lr < 1 and `batch size` |");
});

Deno.test("quoteName() and quoteText() are read by the server as what they were", () => {
  fc.assert(fc.property(
    fc.string({ minLength: 1, unit: "binary" }),
    fc.string({ unit: "binary" }),
    (name, text) => {
      assertEquals(parseFilter(`${quoteName(name)} = ${quoteText(text)}`), {
        op: "=",
        left: { name, at: 0 },
        right: { value: text, at: quoteName(name).length + 3 },
      });
    },
  ));
  for (const name of ["and", "1e5", "a b", "null", "`", "val/accuracy"]) {
    const { left } = parseFilter(`${quoteName(name)} = 1`) as {
      readonly left?: unknown;
    };
    assertEquals(left, { name, at: 0 });
  }
});
