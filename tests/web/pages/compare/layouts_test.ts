import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  dropIndex,
  linePath,
  placeAxes,
} from "../../../../src/web/pages/compare/parallel_layout.ts";
import { makeScale } from "../../../../src/web/pages/compare/scale.ts";
import {
  nearestPoint,
  placePoints,
} from "../../../../src/web/pages/compare/scatter_layout.ts";
import { visibleRange } from "../../../../src/web/pages/compare/visible_range.ts";
import { colorAt } from "../../../../src/web/pages/compare/color_scale.ts";

const axis = (cells: readonly (number | string | null | undefined)[]) => ({
  scale: makeScale(cells),
  cells,
});

Deno.test("lines go through each axis, and below it where a run has no number there", () => {
  const axes = placeAxes(
    [axis([0, 10, "NaN", undefined]), axis(["a", "b", "a", "b"])],
    { width: 500, height: 300 },
  );
  const [first, second] = axes;
  assertEquals(first?.odd.map(({ text }) => text), ["NaN", "–"]);
  const bottom = first?.bottom ?? 0;
  assertEquals(first?.y(0), bottom);
  assertEquals((first?.y("NaN") ?? 0) > bottom, true);
  assertEquals(first?.y("NaN") === first?.y(undefined), false);
  assertEquals(first?.atY(first.yAt(0.3)).toFixed(6), "0.300000");
  const path = linePath(axes, ["NaN", "b"]);
  assertEquals(path.startsWith(`M${first?.x} ${first?.y("NaN")}C`), true);
  assertEquals(path.endsWith(` ${second?.x} ${second?.y("b")}`), true, path);
  assertEquals(dropIndex(axes, -50), 0);
  assertEquals(dropIndex(axes, 480), 1);
});

Deno.test("points stand where both axes have a place for the run, and the nearest is found", () => {
  const area = { left: 0, right: 124, top: 0, bottom: 124 };
  const points = placePoints(
    axis([0, 10, 5, undefined]),
    axis([0, 1, "NaN", 1]),
    area,
  );
  assertEquals(points, [
    { index: 0, x: 12, y: 112 },
    { index: 1, x: 112, y: 12 },
  ]);
  assertEquals(nearestPoint(points, 100, 20, 24)?.index, 1);
  assertEquals(nearestPoint(points, 60, 60, 24), undefined);
});

Deno.test("what is in sight is drawn, and not much more", () => {
  const args = fc.record({
    offset: fc.integer({ min: 0, max: 100_000 }),
    length: fc.integer({ min: 0, max: 2000 }),
    size: fc.integer({ min: 10, max: 200 }),
    count: fc.integer({ min: 0, max: 1000 }),
  });
  fc.assert(fc.property(args, (scrolled) => {
    const { offset, length, size, count } = scrolled;
    const [from, to] = visibleRange(scrolled);
    assertEquals(from >= 0 && from <= to && to <= count, true);
    assertEquals(to - from <= length / size + 18, true);
    for (let i = 0; i < count; i++) {
      const isSeen = (i + 1) * size > offset && i * size < offset + length;
      if (isSeen) assertEquals(i >= from && i < to, true, `${i}`);
    }
  }));
});

Deno.test("colours go from little to much without a jump", () => {
  assertEquals(colorAt(0), "rgb(46 107 214)");
  assertEquals(colorAt(1), "rgb(219 140 22)");
  assertEquals(colorAt(-3), colorAt(0));
  assertEquals(colorAt(0.5), "rgb(190 79 130)");
});
