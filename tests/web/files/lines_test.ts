import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  countLines,
  lastState,
  lineText,
  splitBlocks,
} from "../../../src/web/files/lines.ts";

const encode = (text: string) => new TextEncoder().encode(text);

Deno.test("splitBlocks() divides as a text is divided at its line ends", () => {
  fc.assert(fc.property(
    fc.array(fc.stringMatching(/^[a-z]{0,3000}$/), { maxLength: 12 }),
    fc.boolean(),
    fc.nat(20_000),
    (lines, isEnded, from) => {
      const text = lines.join("\n") + (isEnded && lines.length > 0 ? "\n" : "");
      const bytes = encode(text);
      const blocks = splitBlocks(bytes, from);
      const found = blocks.flatMap(({ lines }) => lines).map((line) =>
        lineText(bytes, line, Infinity).text
      );
      const wanted = text.split("\n");
      if (wanted.at(-1) === "") wanted.pop();
      assertEquals(found, wanted);
      const firsts = blocks.map(({ first }) => first);
      let count = 0;
      for (const [i, { lines }] of blocks.entries()) {
        assertEquals(firsts[i], count);
        count += lines.length;
      }
      assertEquals(
        new Set(blocks.map(({ key }) => key)).size,
        blocks.length,
        "no key twice",
      );
    },
  ));
});

Deno.test("splitBlocks() keeps a block's key when lines come before it or after it", () => {
  const bytes = encode("some line of text\n".repeat(2000));
  const whole = splitBlocks(bytes, 0);
  const start = 18 * 700;
  const part = splitBlocks(bytes.subarray(start, 18 * 1500), start);
  const inner = part.slice(1, -1);
  assertEquals(inner.length > 1, true);
  for (const { key, lines } of inner) {
    const same = whole.find((block) => block.key === key);
    assertEquals(same?.lines.length, lines.length);
  }
});

Deno.test("lastState() shows of a progress bar what it showed last", () => {
  const cases: [string, string][] = [
    ["plain", "plain"],
    ["", ""],
    ["10%\r20%\r30%", "30%"],
    ["windows\r", "windows"],
    ["10%\r20%\r", "20%"],
    ["\r\r", ""],
    ["\rx", "x"],
  ];
  for (const [text, wanted] of cases) {
    const bytes = encode(text);
    const line = lastState(bytes, { start: 0, end: bytes.length });
    assertEquals(lineText(bytes, line, 100).text, wanted, JSON.stringify(text));
  }
  const two = encode("old\rline\nnew");
  assertEquals(
    lineText(two, lastState(two, { start: 9, end: 12 }), 9).text,
    "new",
    "not what stands on the line before",
  );
});

Deno.test("lineText() cuts no character", () => {
  const bytes = encode("ab字😀c");
  const texts = Array.from(
    { length: bytes.length + 1 },
    (_, max) => lineText(bytes, { start: 0, end: bytes.length }, max),
  );
  assertEquals(
    texts.map(({ text, left }) => `${text}+${left}`),
    [
      "+10",
      "a+9",
      "ab+8",
      "ab+8",
      "ab+8",
      "ab字+5",
      "ab字+5",
      "ab字+5",
      "ab字+5",
      "ab字😀+1",
      "ab字😀c+0",
    ],
  );
});

Deno.test("countLines() counts line ends", () => {
  assertEquals(countLines(encode("a\n\nb")), 2);
  assertEquals(countLines(encode("")), 0);
});
