import { assertEquals } from "@std/assert";
import {
  anchorAt,
  blockAt,
  layOut,
  topOf,
} from "../../../src/web/files/block_layout.ts";

Deno.test("layOut() takes measured heights, and otherwise as many lines as there are", () => {
  const blocks = [3, 1, 2].map((length, key) => ({ key, lines: { length } }));
  const { places, height } = layOut(blocks, new Map([[1, 55]]), 20);
  assertEquals(places, [
    { top: 0, height: 60 },
    { top: 60, height: 55 },
    { top: 115, height: 40 },
  ]);
  assertEquals(height, 155);
  assertEquals(
    [-5, 0, 59, 60, 114, 115, 9999].map((y) => blockAt(places, y)),
    [0, 0, 0, 1, 1, 2, 2],
  );
  assertEquals(blockAt([], 10), 0);
});

Deno.test("what is looked at is found again when blocks come before it, grow or go", () => {
  const block = (key: number, length: number) => ({ key, lines: { length } });
  const before = [block(5, 10), block(6, 10), block(7, 10)];
  const at = (blocks: typeof before, top: number) =>
    anchorAt(blocks, layOut(blocks, new Map(), 20).places, top);
  const find = (blocks: typeof before, anchor: ReturnType<typeof at>) =>
    anchor && topOf(blocks, layOut(blocks, new Map(), 20).places, anchor);
  const inSecond = at(before, 230);
  assertEquals(find(before, inSecond), 230);
  assertEquals(find([block(4, 3), ...before], inSecond), 290);
  assertEquals(find([block(6, 15), block(7, 10)], inSecond), 30, "grown below");
  // The first block gets the lines that were read before its own.
  const inFirst = at(before, 50);
  const more = [block(4, 9), block(5, 14), block(6, 10), block(7, 10)];
  assertEquals(find(more, inFirst), 50 + 9 * 20 + 4 * 20);
  assertEquals(find([block(9, 1)], inFirst), undefined);
  assertEquals(at([], 0), undefined);
});
