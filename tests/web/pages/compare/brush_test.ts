import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Brush,
  brushBetween,
  brushPlaces,
  isInBrush,
  readBrushes,
  writeBrushes,
} from "../../../../src/web/pages/compare/brush.ts";
import { makeScale } from "../../../../src/web/pages/compare/scale.ts";

Deno.test("ranges go through an address unchanged, whatever axes and categories are called", () => {
  const end = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }));
  const brush: fc.Arbitrary<Brush> = fc.oneof(
    fc.record({ from: end, to: end }),
    fc.record({
      categories: fc.array(
        fc.oneof(fc.string(), fc.boolean(), fc.constant(null), fc.integer()),
      ),
    }),
  );
  const brushes = fc.array(fc.tuple(fc.string(), brush)).map((all) =>
    new Map(all)
  );
  fc.assert(fc.property(brushes, (brushes) => {
    const params = new URLSearchParams(
      writeBrushes(brushes).map((text) => ["brush", text]),
    );
    const read = readBrushes(
      new URLSearchParams(params.toString()).getAll("brush"),
    );
    // JSON has no negative zero.
    const plain = (map: ReadonlyMap<string, Brush>) => JSON.stringify([...map]);
    assertEquals(plain(read), plain(brushes));
  }));
});

Deno.test("what is no range is left out", () => {
  for (
    const text of [
      "",
      "x",
      "1",
      "[]",
      '["a"]',
      '["a",1]',
      '["a","1",2]',
      '["a",[[1]]]',
      "[1,2,3]",
    ]
  ) assertEquals(readBrushes([text]).size, 0, text);
});

Deno.test("a range holds its ends, and nothing that is no number", () => {
  const brush = { from: 1, to: null };
  assertEquals(
    [0.9, 1, 1e9, "Infinity", "NaN", null, undefined]
      .map((cell) => isInBrush(brush, cell)),
    [false, true, true, false, false, false, false],
  );
  const some = { categories: ["adam", null] };
  assertEquals(
    ["adam", "sgd", null, undefined].map((cell) => isInBrush(some, cell)),
    [true, false, true, false],
  );
});

Deno.test("a drag from end to end holds every value, and a part holds those in it", () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), {
    minLength: 1,
  });
  fc.assert(fc.property(values, (values) => {
    const scale = makeScale(values);
    const all = brushBetween(scale, 1, 0);
    assertEquals(
      values.every((value) => all && isInBrush(all, value)),
      true,
    );
  }));
  const scale = makeScale([0, 100]);
  assertEquals(brushBetween(scale, 0.75, 0.25), { from: 25, to: 75 });
  assertEquals(brushBetween(scale, 0.5, 1), { from: 50, to: null });
  assertEquals(brushPlaces(scale, { from: 25, to: null }), [[0.25, 1]]);
  const names = makeScale(["a", "b", "c", "d"]);
  assertEquals(brushBetween(names, 0, 0.5), { categories: ["a", "b"] });
  assertEquals(brushBetween(names, 0.2, 0.3), undefined);
  assertEquals(brushPlaces(names, { categories: ["a"] }), [[0, 0.25]]);
});
