import { assertEquals } from "@std/assert";
import type { Cell } from "../../../../src/web/pages/compare/cells.ts";
import {
  cellText,
  deltaText,
  shareText,
} from "../../../../src/web/pages/compare/cells.ts";
import {
  diffRows,
  searchRows,
} from "../../../../src/web/pages/compare/diff_rows.ts";

const TABLE: Readonly<Record<string, readonly Cell[]>> = {
  batch: [32, 32],
  lr: [0.1, 0.2],
  type: [1, "1"],
  nothing: [null, undefined],
  odd: ["NaN", "NaN"],
  gone: [undefined, undefined],
};

function diff() {
  const facts = Object.keys(TABLE).map((path) => ({ id: `h.${path}`, path }));
  return diffRows(facts, ({ path }) => TABLE[path] ?? []);
}

Deno.test("what differs is told from what is the same, null from what is not there, a number from a text", () => {
  const { different, equal } = diff();
  assertEquals(different.map(({ path }) => path), ["lr", "type", "nothing"]);
  assertEquals(equal.map(({ path }) => path), ["batch", "odd"]);
});

Deno.test("a search looks into paths and values", () => {
  const { different, equal } = diff();
  const find = (text: string) =>
    searchRows([...different, ...equal], text).map(({ path }) => path);
  assertEquals(find(" LR "), ["lr"]);
  assertEquals(find("0.2"), ["lr"]);
  assertEquals(find("nan"), ["odd"]);
  assertEquals(find(""), ["lr", "type", "nothing", "batch", "odd"]);
});

Deno.test("values and differences are written for people", () => {
  assertEquals(
    [undefined, null, true, "", "NaN", "-Infinity", 1e-7, 0.123456789]
      .map(cellText),
    ["–", "null", "true", "", "NaN", "−∞", "1e-7", "0.12346"],
  );
  assertEquals(deltaText(0.01, 0.001), "+0.009");
  assertEquals(deltaText(1, 3), "−2");
  for (const [cell, base] of [[1, 1], ["NaN", 1], [1, "Infinity"], ["a", 1]]) {
    assertEquals(deltaText(cell, base), undefined, `${cell} ${base}`);
  }
  assertEquals(shareText(3, 2), "+50 %");
  assertEquals(shareText(-3, -2), "−50 %");
  assertEquals(shareText(1, 0), undefined);
});
