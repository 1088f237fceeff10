import { assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { keyToViewport } from "../../../../src/web/pages/dataflow/use_viewport.ts";
import {
  firstViewport,
  fitViewport,
  formatViewport,
  parseViewport,
  revealPoint,
  SCALES,
  zoomViewport,
} from "../../../../src/web/pages/dataflow/viewport.ts";

const sight = { width: 800, height: 400 };

Deno.test("a drawing that is fitted is in the middle and wholly in sight", () => {
  const size = fc.record({
    width: fc.integer({ min: 1, max: 7000 }),
    height: fc.integer({ min: 1, max: 3500 }),
  });
  fc.assert(fc.property(size, (drawing) => {
    const { x, y, scale } = fitViewport(drawing, sight);
    assertEquals(scale <= 1 && x >= 0 && y >= 0, true);
    assertAlmostEquals(2 * x + drawing.width * scale, sight.width, 1e-6);
    assertAlmostEquals(2 * y + drawing.height * scale, sight.height, 1e-6);
  }));
});

Deno.test("a drawing that would be too small to read begins at the node that is looked at", () => {
  const point = { x: 9000, y: 100 };
  const { x, y, scale } = firstViewport(
    { width: 10_000, height: 200 },
    sight,
    point,
  );
  assertAlmostEquals(point.x * scale + x, 400, 1e-6);
  assertAlmostEquals(point.y * scale + y, 200, 1e-6);
});

Deno.test("what is under the pointer stays there while the drawing is scaled, within limits", () => {
  const at = { x: 300, y: 120 };
  const view = { x: 10, y: -20, scale: 1 };
  const under = ({ x, scale }: typeof view) => (at.x - x) / scale;
  const next = zoomViewport(view, 1.7, at);
  assertAlmostEquals(under(next), under(view), 1e-9);
  assertEquals(zoomViewport(view, 1e6, at).scale, SCALES.max);
  assertEquals(zoomViewport(view, 1e-6, at).scale, SCALES.min);
});

Deno.test("a point is brought into sight, and nothing moves where it is", () => {
  const view = { x: 0, y: 0, scale: 1 };
  assertEquals(revealPoint(view, sight, { x: 400, y: 200 }), view);
  assertEquals(revealPoint(view, sight, { x: 1000, y: -50 }), {
    x: -280,
    y: 130,
    scale: 1,
  });
});

Deno.test("keys move and scale", () => {
  const view = { x: 0, y: 0, scale: 1 };
  assertEquals(keyToViewport("ArrowLeft", view, sight)?.x, 48);
  assertEquals(keyToViewport("ArrowDown", view, sight)?.y, -48);
  assertEquals(keyToViewport("+", view, sight)?.scale, 1.25);
  assertEquals(keyToViewport("x", view, sight), undefined);
});

Deno.test("what is in sight is read from an address as it was written, in a window of another size too", () => {
  const part = fc.record({
    x: fc.double({ min: -5000, max: 5000, noNaN: true }),
    y: fc.double({ min: -5000, max: 5000, noNaN: true }),
    scale: fc.double({ ...SCALES, noNaN: true }),
  });
  fc.assert(fc.property(part, (view) => {
    const read = parseViewport(formatViewport(view, sight), sight);
    if (read === undefined) throw new Error("it is not read");
    assertAlmostEquals(read.scale, view.scale, view.scale * 0.006);
    const middle = ({ x, scale }: typeof view) => (400 - x) / scale;
    assertAlmostEquals(middle(read), middle(view), 0.51);
  }));
  assertEquals(parseViewport("300~-40~0.8", { width: 100, height: 50 }), {
    x: -190,
    y: 57,
    scale: 0.8,
  });
  for (const text of ["", "1~2", "1~2~0", "1~2~x", "1~Infinity~1", "1~2~3~4"]) {
    assertEquals(parseViewport(text, sight), undefined, text);
  }
});
