import { assertEquals } from "@std/assert";
import type { SeriesPoints, Value } from "../../../../../src/web/api/types.ts";
import { sparkPath } from "../../../../../src/web/pages/run/overview/spark_path.ts";

const base = {
  node: "n",
  type: "train",
  name: "loss",
  count: 0,
  cursor: "",
  reset: true,
  inRange: 0,
};
const raw = (x: number[], y: Value[]): SeriesPoints => ({
  ...base,
  raw: { index: x.map((_, i) => i), x, y },
});

Deno.test("sparkPath() draws into its box, and stops at what is not finite", () => {
  assertEquals(sparkPath(raw([0, 5, 10], [0, 1, 0.5]), 100, 20), {
    line: "M0 20L50 0L100 10",
    dots: [],
  });
  const odd = raw([0, 1, 2, 3, 4], [1, 1, "NaN", 3, "Infinity"]);
  assertEquals(sparkPath(odd, 30, 10), {
    line: "M0 10L10 10",
    dots: [{ x: 30, y: 0 }],
  });
  assertEquals(sparkPath(raw([7], [2]), 10, 10).dots, [{ x: 5, y: 5 }]);
  assertEquals(sparkPath(raw([0, 1], [2, 2]), 10, 10).line, "M0 5L10 5");
  const huge = raw([0, 1], [Number.MAX_VALUE, -Number.MAX_VALUE]);
  assertEquals(sparkPath(huge, 10, 10).line, "M0 0L10 10");
  const tiny = raw([0, 1], [0, Number.MIN_VALUE]);
  assertEquals(sparkPath(tiny, 10, 10).line, "M0 5L10 5");
  assertEquals(sparkPath(raw([], []), 10, 10), { line: "", dots: [] });
  assertEquals(sparkPath(base, 10, 10), { line: "", dots: [] });
});

Deno.test("sparkPath() keeps both ends of a bucket, in their order: no spike is lost", () => {
  const points: SeriesPoints = {
    ...base,
    buckets: {
      index: [0, 10, 20],
      count: [10, 10, 10],
      x0: [0, 10, 20],
      x1: [9, 19, 29],
      min: [1, 0, null],
      max: [1, 100, null],
      minX: [0, 15, null],
      maxX: [0, 12, null],
      mean: [1, 2, "NaN"],
      nan: [0, 0, 10],
      posInf: [0, 0, 0],
      negInf: [0, 0, 0],
    },
  };
  assertEquals(sparkPath(points, 150, 100).line, "M0 99L120 0L150 100");
});
