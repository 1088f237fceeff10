import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  formatZooms,
  moveGrip,
  parseZooms,
  zoomAround,
} from "../../../src/web/charts/zoom.ts";

Deno.test("zooms are read from an address as they were written, and nonsense is left out", () => {
  const zooms = {
    all: { min: -1.5, max: 2e9 },
    single: new Map([
      ["loss", { min: 1, max: 2 }],
      ["a~b/c", { min: 0, max: 0.25 }],
    ]),
  };
  assertEquals(parseZooms(formatZooms(zooms)), zooms);
  const none = { all: undefined, single: new Map() };
  for (const text of ["", "1", "a~b", "2~1", "1~1", "NaN~2", "1~Infinity"]) {
    assertEquals(parseZooms([text]), none, text);
  }
});

Deno.test("zoomAround() keeps the place where it is, within the whole", () => {
  const whole = { min: 0, max: 100 };
  assertEquals(zoomAround(whole, { at: 20, factor: 0.5, whole }), {
    min: 10,
    max: 60,
  });
  assertEquals(
    zoomAround({ min: 10, max: 60 }, { at: 20, factor: 1.5, whole }),
    { min: 5, max: 80 },
  );
  assertEquals(
    zoomAround({ min: 10, max: 60 }, { at: 20, factor: 2, whole }),
    undefined,
  );
});

Deno.test("moveGrip() keeps what fingers hold below them, on linear and logarithmic axes", () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(fc.property(
    fc.boolean(),
    fc.array(place, { minLength: 4, maxLength: 4 }),
    (isLog, [a = 0, b = 0, c = 0, d = 0]) => {
      fc.pre(Math.abs(a - b) > 0.06 && Math.abs(c - d) > 0.06);
      const at = [Math.min(a, b), Math.max(a, b)];
      const now = [Math.min(c, d), Math.max(c, d)];
      const part = { min: 1e3, max: 1e5, isLog };
      const whole = isLog ? { min: 1e-60, max: 1e60 } : { min: -1e8, max: 1e8 };
      const moved = moveGrip({ part, at }, now, whole);
      assert(moved !== undefined);
      const to = isLog ? Math.log10 : Number;
      const held = ({ min, max }: typeof moved, place = 0) =>
        to(min) + place * (to(max) - to(min));
      const nearly = 1e-6 * (to(moved.max) - to(moved.min));
      for (const finger of [0, 1]) {
        assertAlmostEquals(
          held(moved, now[finger]),
          held(part, at[finger]),
          nearly,
        );
      }
    },
  ));
});

Deno.test("moveGrip() stays within the whole, and is all of it when nothing is left out", () => {
  const whole = { min: 0, max: 100 };
  const part = { min: 20, max: 40, isLog: false };
  const one = { part, at: [0.5] };
  assertEquals(moveGrip(one, [0.75], whole), { min: 15, max: 35 });
  assertEquals(moveGrip(one, [9], whole), { min: 0, max: 20 });
  assertEquals(moveGrip(one, [-9], whole), { min: 80, max: 100 });
  const two = { part, at: [0, 1] };
  assertEquals(moveGrip(two, [0.4, 0.5], whole), undefined);
  // Fingers that meet ask for no part without width.
  const near = moveGrip({ part, at: [0.5, 0.5] }, [0.5, 0.5], whole);
  assertEquals(near, { min: 20, max: 40 });
  const narrow = { part: { min: 1e6, max: 1e6 + 1e-3, isLog: false } };
  const least = moveGrip({ ...narrow, at: [0.49, 0.51] }, [0, 1], {
    min: 0,
    max: 1e7,
  });
  assert(least !== undefined && least.max - least.min >= 1e-3);
});
