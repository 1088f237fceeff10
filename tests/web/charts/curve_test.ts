import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import type { Value } from "../../../src/web/api/types.ts";
import { Curve, finiteCount } from "../../../src/web/charts/curve.ts";
import { rawAnswer } from "./support.ts";

const value = fc.oneof(
  { weight: 8, arbitrary: fc.double({ noNaN: true, min: -1e9, max: 1e9 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Value>("NaN", "Infinity", "-Infinity"),
  },
);

Deno.test("Curve.take() appends deltas just as if all points had come at once", () => {
  fc.assert(fc.property(
    fc.array(value, { minLength: 1, maxLength: 300 }),
    fc.nat(300),
    (ys, cut) => {
      const at = Math.min(cut, ys.length);
      const whole = new Curve();
      whole.take(rawAnswer(ys));
      const parts = new Curve();
      parts.take(rawAnswer(ys.slice(0, at)));
      parts.take(rawAnswer(ys.slice(at), { from: at, reset: false }));
      assertEquals(rows(parts), rows(whole));
      assertEquals(parts.points, ys.length);
    },
  ));
});

Deno.test("Curve.take() forgets what it had when the answer begins anew", () => {
  const curve = new Curve();
  curve.take(rawAnswer([1, 2, 3]));
  curve.take(rawAnswer([9]));
  assertEquals([curve.length, curve.points, curve.columns.mean[0]], [1, 1, 9]);
});

Deno.test("Curve.take() keeps buckets as the server made them", () => {
  const curve = new Curve();
  const { raw: _, ...answer } = rawAnswer([1, 2, 3, 4]);
  curve.take({
    ...answer,
    buckets: {
      index: [0, 2],
      count: [2, 2],
      x0: [0, 2],
      x1: [1, 3],
      min: [-1, null],
      max: [5, null],
      minX: [1, null],
      maxX: [0, null],
      mean: [2, null],
      nan: [0, 1],
      posInf: [0, 1],
      negInf: [0, 0],
    },
  });
  assertEquals(curve.points, 4);
  assertEquals(curve.center(0), 0.5);
  assertEquals(curve.bucket(0).minX, 1);
  assertEquals(curve.bucket(1).max, NaN);
  assertEquals([curve.bucket(1).nan, curve.bucket(1).posInf], [1, 1]);
});

Deno.test("Curve.thin() loses no extreme, no odd value and no point, however often it thins", () => {
  fc.assert(fc.property(
    fc.array(value, { minLength: 1, maxLength: 400 }),
    fc.integer({ min: 2, max: 60 }),
    fc.integer({ min: 1, max: 50 }),
    (ys, limit, batch) => {
      const curve = new Curve();
      for (let at = 0; at < ys.length; at += batch) {
        curve.take(rawAnswer(ys.slice(at, at + batch), { from: at }));
        curve.thin(limit);
        assert(
          curve.length <= limit + 1,
          `${curve.length} buckets, wanted ${limit}`,
        );
      }
      const finite = ys.filter((y) => typeof y === "number");
      const all = rows(curve);
      const known = all.filter((bucket) => finiteCount(bucket) > 0);
      assertEquals(sum(all.map(({ count }) => count)), ys.length);
      assertEquals(sum(all.map(finiteCount)), finite.length);
      assertEquals(
        [least(known.map(({ min }) => min)), most(known.map(({ max }) => max))],
        [least(finite), most(finite)],
      );
      for (const { min, minX, max, maxX } of known) {
        assertEquals([ys[minX], ys[maxX]], [min, max]);
      }
      for (
        const [text, key] of [
          ["NaN", "nan"],
          ["Infinity", "posInf"],
          ["-Infinity", "negInf"],
        ] as const
      ) {
        assertEquals(
          sum(all.map((bucket) => bucket[key])),
          ys.filter((y) => y === text).length,
          text,
        );
      }
      const mean = sum(known.map((one) => one.mean * finiteCount(one)));
      const wanted = sum(finite);
      const scale = sum(finite.map(Math.abs)) + 1;
      assert(Math.abs(mean - wanted) <= 1e-9 * scale, `${mean} ${wanted}`);
    },
  ));
});

Deno.test("Curve.isSorted tells whether the axis goes back", () => {
  const curve = new Curve();
  curve.take(rawAnswer([1, 2, 3]));
  assert(curve.isSorted);
  curve.take(rawAnswer([4], { from: 1, reset: false }));
  assert(!curve.isSorted);
});

function rows(curve: Curve): ReturnType<Curve["bucket"]>[] {
  return Array.from({ length: curve.length }, (_, row) => curve.bucket(row));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** 0 and −0 are the same value of a chart. */
function least(values: readonly number[]): number {
  return Math.min(Infinity, ...values) + 0;
}

function most(values: readonly number[]): number {
  return Math.max(-Infinity, ...values) + 0;
}
