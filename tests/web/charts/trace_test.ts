import { assert, assertEquals } from "@std/assert";
import { Curve } from "../../../src/web/charts/curve.ts";
import {
  dotRows,
  type Frame,
  oddMarks,
  seenRows,
  traceBand,
  traceExtremes,
  traceLine,
} from "../../../src/web/charts/trace.ts";
import { curveOf, rawAnswer } from "./support.ts";

const frame: Frame = {
  left: 0,
  top: 0,
  width: 100,
  height: 100,
  x: { min: 0, max: 10, isLog: false },
  y: { min: 0, max: 10, isLog: false },
};

/** Notes lines as texts such as `M0 90`. */
function notes(): {
  readonly list: string[];
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
} {
  const list: string[] = [];
  return {
    list,
    moveTo: (x, y) => list.push(`M${x} ${y}`),
    lineTo: (x, y) => list.push(`L${x} ${y}`),
  };
}

Deno.test("traceLine() breaks where there is no finite number", () => {
  const curve = curveOf([1, 2, "NaN", 4, "Infinity", 6]);
  const sink = notes();
  traceLine(curve, frame, curve.columns.mean, sink);
  assertEquals(sink.list, ["M0 90", "L10 80", "M30 60", "M50 40"]);
});

Deno.test("traceLine() goes on to the points next to the range, if those are finite", () => {
  const curve = new Curve();
  curve.take({
    ...rawAnswer([1, 2]),
    before: { index: 0, x: -1, y: 5 },
    after: { index: 9, x: 12, y: "NaN" },
  });
  const sink = notes();
  traceLine(curve, frame, curve.columns.mean, sink);
  assertEquals(sink.list, ["M-10 50", "L0 90", "L10 80"]);
});

Deno.test("traceExtremes() and traceBand() show a spike that is one of a thousand points", () => {
  const curve = curveOf(
    Array.from({ length: 1000 }, (_, at) => at === 777 ? 9 : 1),
    Array.from({ length: 1000 }, (_, at) => at / 100),
  );
  curve.thin(40);
  for (const trace of [traceExtremes, traceBand]) {
    const sink = notes();
    trace(curve, frame, sink);
    const highest = Math.min(
      ...sink.list.map((text) => Number(text.split(" ")[1])),
    );
    assertEquals(highest, 10, trace.name);
  }
});

Deno.test("seenRows() names what can be seen, and one more on each side", () => {
  const curve = curveOf(Array.from({ length: 100 }, () => 1));
  assertEquals(seenRows(curve, { min: 20, max: 30, isLog: false }), {
    from: 19,
    to: 32,
  });
  const backwards = curveOf([1, 2, 3], [5, 3, 1]);
  assertEquals(seenRows(backwards, { min: 4, max: 6, isLog: false }), {
    from: 0,
    to: 3,
  });
});

Deno.test("oddMarks() marks NaN, infinities and, on a logarithm, what is not positive, in the plot only", () => {
  const curve = curveOf(["NaN", "Infinity", "-Infinity", 0, -1, 5], [
    1,
    2,
    3,
    4,
    5,
    20,
  ]);
  assertEquals(oddMarks(curve, frame), [
    { kind: "nan", x: 10 },
    { kind: "posInf", x: 20 },
    { kind: "negInf", x: 30 },
  ]);
  const log = { ...frame, y: { min: 1, max: 10, isLog: true } };
  assertEquals(oddMarks(curve, log).slice(3), [
    { kind: "nonPositive", x: 40 },
    { kind: "nonPositive", x: 50 },
  ]);
  const many = curveOf(
    Array.from({ length: 1000 }, () => "NaN"),
    Array.from({ length: 1000 }, (_, at) => at / 100),
  );
  assert(oddMarks(many, frame).length <= 20, "not more than can be told apart");
});

Deno.test("dotRows() shows points that are few, and those that stand alone", () => {
  assertEquals(dotRows(curveOf([1, 2, "NaN"]), frame), [0, 1]);
  const ys = Array.from(
    { length: 100 },
    (_, at) => at === 49 || at === 51 ? "NaN" : 1,
  );
  const wide = { ...frame, x: { min: 0, max: 100, isLog: false } };
  assertEquals(dotRows(curveOf(ys), wide), [50]);
});
