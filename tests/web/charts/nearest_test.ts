import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { nearestRow } from "../../../src/web/charts/nearest.ts";
import { curveOf } from "./support.ts";

Deno.test("nearestRow() finds what a look at every point finds, on axes that rise and that go back", () => {
  fc.assert(fc.property(
    fc.array(fc.integer({ min: -50, max: 50 }), {
      minLength: 1,
      maxLength: 40,
    }),
    fc.double({ noNaN: true, min: -60, max: 60 }),
    fc.boolean(),
    (list, x, isSorted) => {
      const xs = isSorted ? list.toSorted((a, b) => a - b) : list;
      const row = nearestRow(curveOf(xs.map(() => 1), xs), x) ?? -1;
      const least = Math.min(...xs.map((each) => Math.abs(each - x)));
      assertEquals(Math.abs((xs[row] ?? NaN) - x), least);
    },
  ));
});

Deno.test("nearestRow() finds nothing where there is nothing", () => {
  assertEquals(nearestRow(curveOf([]), 3), undefined);
});
