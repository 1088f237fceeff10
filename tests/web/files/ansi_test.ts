import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { markSpans, parseAnsi } from "../../../src/web/files/ansi.ts";

const ESC = "\x1b";

Deno.test("parseAnsi() reads colours and styles, and where they end", () => {
  const cases: [string, [string, string][]][] = [
    ["", []],
    ["plain", [["plain", ""]]],
    [`a${ESC}[31mb${ESC}[0mc`, [["a", ""], ["b", "ansi-red"], ["c", ""]]],
    [`${ESC}[1;4;92mx`, [["x", "ansi-bold ansi-underline ansi-green"]]],
    [`${ESC}[mx`, [["x", ""]]],
    [`${ESC}[2;3;7;44mx${ESC}[22;23;27;49my`, [
      ["x", "ansi-dim ansi-italic ansi-inverse ansi-on-blue"],
      ["y", ""],
    ]],
    [`${ESC}[35mx${ESC}[39my`, [["x", "ansi-magenta"], ["y", ""]]],
    [`${ESC}[38;5;196mx`, [["x", "ansi-red"]]],
    [`${ESC}[38;5;12mx`, [["x", "ansi-blue"]]],
    [`${ESC}[38;5;240mx`, [["x", "ansi-white"]]],
    [`${ESC}[38;2;10;200;30;1mx`, [["x", "ansi-bold ansi-green"]]],
    [`${ESC}[48:5:226mx`, [["x", "ansi-on-yellow"]]],
  ];
  for (const [line, wanted] of cases) {
    assertEquals(
      parseAnsi(line),
      wanted.map(([text, looks]) => ({ text, looks })),
      JSON.stringify(line),
    );
  }
});

Deno.test("parseAnsi() makes visible whatever else would act on a terminal or turn text", () => {
  const cases: [string, string][] = [
    [`${ESC}[2Kx`, "␛[2Kx"],
    [`${ESC}]8;;http://evil\x07x`, "␛]8;;http://evil␇x"],
    ["a\0b\x7fc", "a␀b␡c"],
    ["a\u202eb\u2066c\u200bd", "aU+202EbU+2066cU+200Bd"],
    ["\x9b31mx", "U+009B31mx"],
    ["tab\there", "tab\there"],
  ];
  for (const [line, wanted] of cases) {
    const text = parseAnsi(line).map(({ text }) => text).join("");
    assertEquals(text, wanted, JSON.stringify(line));
  }
});

Deno.test("markSpans() marks every place and changes no text", () => {
  fc.assert(fc.property(
    fc.array(
      fc.tuple(fc.stringMatching(/^[abAB]{1,5}$/), fc.constantFrom("", "x")),
    ),
    fc.stringMatching(/^[ab]{1,3}$/),
    (parts, wanted) => {
      const spans = parts.map(([text, looks]) => ({ text, looks }));
      const whole = spans.map(({ text }) => text).join("");
      const marked = markSpans(spans, wanted);
      assertEquals(marked.map(({ text }) => text).join(""), whole);
      const found = marked.map(({ text, looks }) =>
        looks.includes("mark") ? "#".repeat(text.length) : text
      ).join("");
      assertEquals(
        found,
        whole.replace(new RegExp(wanted, "gi"), "#".repeat(wanted.length)),
      );
    },
  ));
});
