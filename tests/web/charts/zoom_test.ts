import { assertEquals } from "@std/assert";
import {
  formatZooms,
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
