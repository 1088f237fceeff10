import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  linearTicks,
  logTicks,
  makeScale,
} from "../../../../src/web/pages/compare/scale.ts";

Deno.test("numbers are laid out by magnitude where they span magnitudes, unless a person says otherwise", () => {
  assertEquals(makeScale([0.001, 0.01, 0.1]).kind, "log");
  assertEquals(makeScale([0.001, 0.01, 0.1], "linear").kind, "linear");
  assertEquals(makeScale([16, 32, 64]).kind, "linear");
  assertEquals(makeScale([16, 32, 64], "log").kind, "log");
  assertEquals(makeScale([-1, 1000], "log").canBeLog, true);
  assertEquals(makeScale([-1, -2], "log").kind, "linear");
});

Deno.test("what is not finite, null, or not there has no place among numbers", () => {
  const scale = makeScale([1, "NaN", "Infinity", null, undefined, 3]);
  assertEquals(scale.kind, "linear");
  assertEquals(scale.domain, [1, 3]);
  for (const cell of ["NaN", "Infinity", null, undefined]) {
    assertEquals(scale.at(cell), undefined, `${cell}`);
  }
  assertEquals(makeScale([0, 1, 1000], "log").at(0), undefined);
});

Deno.test("texts, booleans and mixed values are categories in order", () => {
  assertEquals(
    makeScale(["b10", "b9", undefined, "b10"]).categories,
    ["b9", "b10"],
  );
  assertEquals(makeScale([true, false]).categories, [false, true]);
  const mixed = makeScale([1, "auto", null]);
  assertEquals(mixed.kind, "category");
  assertEquals(mixed.at("auto") === undefined, false);
  assertEquals(mixed.at("1"), undefined);
});

Deno.test("every number has its place, and every place its number", () => {
  const number = fc.oneof(
    fc.double({ min: -1e300, max: 1e300, noNaN: true }),
    fc.integer(),
    fc.double({ min: 1e-12, max: 1, noNaN: true }),
  );
  const choice = fc.constantFrom("linear" as const, "log" as const, undefined);
  fc.assert(fc.property(
    fc.array(number, { minLength: 1, maxLength: 20 }),
    choice,
    (values, choice) => {
      const scale = makeScale(values, choice);
      const [low, high] = scale.domain ?? [0, 0];
      for (const value of values) {
        const at = scale.at(value);
        if (scale.kind === "log" && value <= 0) assertEquals(at, undefined);
        else {
          assertEquals(at !== undefined && at >= -1e-9 && at <= 1 + 1e-9, true);
          if (low < high) {
            const back = scale.invert(at ?? 0) ?? NaN;
            const allowed = scale.kind === "log"
              ? Math.abs(value) * 1e-6
              : (high / 2 - low / 2) * 1e-9 + Math.abs(value) * 1e-9;
            assertAlmostEquals(back, value, allowed + Number.MIN_VALUE);
          }
        }
      }
      for (const { at } of scale.ticks) {
        assertEquals(at >= -1e-6 && at <= 1 + 1e-6, true, `tick at ${at}`);
      }
      assertEquals(scale.ticks.length <= 40, true, `${scale.ticks.length}`);
    },
  ));
});

Deno.test("ticks are round numbers", () => {
  assertEquals(linearTicks(0.1, 0.5), [0.1, 0.2, 0.3, 0.4, 0.5]);
  assertEquals(linearTicks(0, 60), [0, 10, 20, 30, 40, 50, 60]);
  assertEquals(linearTicks(3, 3), [3]);
  assertEquals(logTicks(0.0001, 0.1), [0.0001, 0.001, 0.01, 0.1]);
  assertEquals(logTicks(1, 20), [1, 2, 5, 10, 20]);
});
