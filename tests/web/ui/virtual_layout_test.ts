import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  columnSpan,
  offsetsOf,
  rowSpan,
  scrollToRow,
} from "../../../src/web/ui/virtual_layout.ts";

Deno.test("rowSpan() has every row that is seen, and few others", () => {
  fc.assert(fc.property(
    fc.record({
      total: fc.nat(100_000),
      rowHeight: fc.integer({ min: 1, max: 80 }),
      top: fc.integer({ min: -50, max: 4_000_000 }),
      height: fc.nat(2000),
      extra: fc.nat(20),
    }),
    (view) => {
      const { first, end } = rowSpan(view);
      const { total, rowHeight, top, height, extra } = view;
      assert(0 <= first && first <= end && end <= total);
      const seenFirst = Math.floor(Math.max(0, top) / rowHeight);
      const seenEnd = Math.ceil((Math.max(0, top) + height) / rowHeight);
      assert(first <= seenFirst, "the first that is seen");
      assert(end >= Math.min(seenEnd, total), "the last that is seen");
      assert(end - first <= seenEnd - seenFirst + 2 * extra + 8, "no more");
    },
  ));
});

Deno.test("columnSpan() has every column that is seen beside the first", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: 60, max: 400 }), { minLength: 1 }),
    fc.nat(20_000),
    fc.integer({ min: 100, max: 2000 }),
    (widths, left, width) => {
      const offsets = offsetsOf(widths);
      const { first, end } = columnSpan(offsets, left, width);
      const sticky = widths[0] ?? 0;
      assert(1 <= first && end <= widths.length || widths.length === 1);
      for (let at = 1; at < widths.length; at++) {
        const begins = offsets[at] ?? 0;
        const ends = offsets[at + 1] ?? 0;
        const isSeen = ends > left + sticky && begins < left + width;
        if (isSeen) assert(first <= at && at < end, `${at} is seen`);
      }
      const drawn = widths.slice(first, end).slice(1, -1);
      assert(drawn.reduce((a, b) => a + b, 0) <= width, "no more");
    },
  ));
});

Deno.test("scrollToRow() moves only as far as it takes", () => {
  const view = { rowHeight: 10, top: 100, height: 50 };
  assertEquals(scrollToRow(9, view), 90);
  assertEquals(scrollToRow(10, view), 100);
  assertEquals(scrollToRow(14, view), 100);
  assertEquals(scrollToRow(15, view), 110);
});
