import { assertEquals } from "@std/assert";
import { blockAt, layOut } from "../../../src/web/files/block_layout.ts";

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
