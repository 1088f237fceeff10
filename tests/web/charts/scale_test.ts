import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  commonExtent,
  paddedScale,
  placer,
  xExtent,
  yExtent,
} from "../../../src/web/charts/scale.ts";
import { curveOf } from "./support.ts";

Deno.test("paddedScale() makes a scale that can be drawn of any numbers", () => {
  const number = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(fc.property(number, number, fc.boolean(), (a, b, isLog) => {
    const low = isLog ? Math.abs(Math.min(a, b)) || 1 : Math.min(a, b);
    const high = isLog
      ? Math.max(low, Math.abs(Math.max(a, b)))
      : Math.max(a, b);
    const scale = paddedScale(low, high, { isLog });
    assert(scale.min < scale.max, `${scale.min} ${scale.max}`);
    assert(Number.isFinite(scale.max) && Number.isFinite(scale.min));
    assert(!isLog || scale.min > 0);
    const place = placer(scale, 0, 100);
    const middle = place(low);
    assert(Number.isFinite(middle), `${low} stands at ${middle}`);
  }));
  assertEquals(paddedScale(NaN, NaN, { isLog: false }).max, 1);
});

Deno.test("yExtent() looks at what is seen only; of a logarithm at what is above 0", () => {
  const curve = curveOf([-5, 1, 2, "NaN", 100]);
  const seen = { min: 0, max: 3 };
  assertEquals(yExtent([curve], seen, false), { min: -5, max: 2 });
  assertEquals(yExtent([curve], seen, true), { min: 1, max: 2 });
  assertEquals(yExtent([curve], { min: 3, max: 3 }, false), undefined);
});

Deno.test("xExtent() knows axes that go back, and logarithms", () => {
  const back = curveOf([1, 1, 1], [5, 0, 9]);
  assertEquals(xExtent([back], false), { min: 0, max: 9 });
  assertEquals(xExtent([back], true), { min: 5, max: 9 });
  assertEquals(xExtent([], false), undefined);
});

Deno.test("commonExtent() leaves out what is far off, and only where that gives the others room", () => {
  const values = Array.from({ length: 100 }, (_, i) => i / 100);
  const seen = { min: 0, max: 200 };
  const spike = curveOf([...values, 40]);
  const all = yExtent([spike], seen, false) ?? { min: NaN, max: NaN };
  assertEquals(all, { min: 0, max: 40 });
  assertEquals(commonExtent([spike], seen, all), { min: 0.02, max: 0.98 });
  const even = { min: 0, max: 0.99 };
  assertEquals(commonExtent([curveOf(values)], seen, even), even);
  const flat = { min: 1, max: 9 };
  assertEquals(commonExtent([curveOf([1, 1, 1, 9])], seen, flat), flat);
  assertEquals(commonExtent([], seen, all), all);
});
