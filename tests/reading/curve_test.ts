import { assert, assertEquals } from "@std/assert";
import { Curve } from "../../src/reading/curve.ts";

Deno.test("Curve keeps every point while there are few", () => {
  const curve = new Curve(4);
  [[0, 3], [1, NaN], [2, -1], [3, Infinity]].forEach(([x, y]) =>
    curve.add(x as number, y as number)
  );
  assertEquals(curve.buckets.map(({ minX, min, max }) => [minX, min, max]), [
    [0, 3, 3],
    [2, -1, -1],
  ]);
});

Deno.test("Curve of a million points stays small, in order, and loses no spike", () => {
  const curve = new Curve(64);
  for (let x = 0; x < 1e6; x++) {
    curve.add(x, x === 654_321 ? 99 : x === 7 ? -99 : Math.sin(x));
  }
  const { buckets } = curve;
  assert(buckets.length > 31 && buckets.length <= 64, `${buckets.length}`);
  assertEquals(buckets[0]?.x0, 0);
  assertEquals(buckets.at(-1)?.x1, 999_999);
  for (const [at, { x0 }] of buckets.entries()) {
    assertEquals(x0, at === 0 ? 0 : (buckets[at - 1]?.x1 ?? 0) + 1);
  }
  assertEquals(buckets.find(({ max }) => max === 99)?.maxX, 654_321);
  assertEquals(buckets.find(({ min }) => min === -99)?.minX, 7);
});
