import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { smooth } from "../../../src/web/charts/smooth.ts";
import { curveOf } from "./support.ts";

Deno.test("smooth() stays between the least and the greatest value, and begins with the first", () => {
  fc.assert(fc.property(
    fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
      minLength: 1,
      maxLength: 100,
    }),
    fc.double({ noNaN: true, min: 0.01, max: 0.99 }),
    (ys, weight) => {
      const result = smooth(curveOf(ys), { weight, range: ys.length });
      assertEquals(result[0], ys[0]);
      const slack = 1e-9 * (Math.max(...ys.map(Math.abs)) + 1);
      for (const value of result) {
        assert(value >= Math.min(...ys) - slack, `${value}`);
        assert(value <= Math.max(...ys) + slack, `${value}`);
      }
    },
  ));
});

Deno.test("smooth() leaves out what is no finite number, and goes on after it", () => {
  const result = smooth(curveOf([1, "NaN", "Infinity", 3]), {
    weight: 0.5,
    range: 4,
  });
  assertEquals([...result].map(Number.isNaN), [false, true, true, false]);
  assert((result[3] as number) > 1 && (result[3] as number) <= 3);
});

Deno.test("smooth() goes by distance: twice as many points of the same shape are smoothed alike", () => {
  const length = 1000;
  const jump = (x: number): number => x < 500 ? 0 : 1;
  const coarse = Array.from({ length: length / 2 }, (_, i) => i * 2);
  const fine = Array.from({ length }, (_, i) => i);
  const options = { weight: 0.9, range: length };
  const a = smooth(curveOf(coarse.map(jump), coarse), options);
  const b = smooth(curveOf(fine.map(jump), fine), options);
  for (const x of [520, 560, 600, 800]) {
    assertAlmostEquals(a[x / 2] as number, b[x] as number, 0.05);
  }
  assert((b[520] as number) < 0.8, "it is smoothed");
});
