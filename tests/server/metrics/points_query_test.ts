import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import {
  BlockReader,
  BlockWriter,
} from "../../../src/server/metrics/blocks.ts";
import { IndexDatabase } from "../../../src/server/metrics/index_database.ts";
import { jsonNumber } from "../../../src/server/metrics/json_numbers.ts";
import {
  type BucketColumns,
  queryPoints,
} from "../../../src/server/metrics/points_query.ts";
import { SeriesTree } from "../../../src/server/metrics/series_tree.ts";
import { SeriesWriter } from "../../../src/server/metrics/series_writer.ts";
import type { SeriesState } from "../../../src/server/metrics/series_state.ts";
import { SUM } from "../../../src/server/metrics/summary.ts";
import { tempDir } from "../../support/temp_dir.ts";

interface TestPoint {
  step: number;
  epoch: number;
  time: number;
  value: number;
}

const oddValue = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }),
  },
  { weight: 20, arbitrary: fc.float({ noNaN: true, noDefaultInfinity: true }) },
  { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0) },
);

/** Steps that rise, repeat, go back, are fractional or missing. */
const stepRule = fc.constantFrom<(index: number, seed: number) => number>(
  (index) => index,
  (index) => Math.floor(index / 3),
  (index) => index < 4500 ? index : index - 3000,
  (index) => index / 7,
  (index, seed) => ((index + 1) * (seed | 1)) % 1009,
  (index) => index % 5 === 0 ? NaN : index,
);

function build(
  values: readonly number[],
  stepOf: (index: number) => number,
): TestPoint[] {
  return values.map((value, index) => ({
    step: stepOf(index),
    epoch: index % 4 === 0 ? NaN : index >> 6,
    time: 1.7e15 + index * 1_000_003,
    value,
  }));
}

/** Writes points in batches, as appends come, each with a writer of its own or with the same. */
function write(
  database: IndexDatabase,
  points: readonly TestPoint[],
  { series, batch, reopen }: { series: number; batch: number; reopen: boolean },
): SeriesState | undefined {
  const blocks = new BlockWriter(database);
  let state: SeriesState | undefined;
  let writer = new SeriesWriter({ series, blocks });
  for (let start = 0; start < points.length; start += batch) {
    database.transaction(() => {
      for (const point of points.slice(start, start + batch)) {
        writer.add(point.step, point.epoch, point.time, point.value);
      }
      state = writer.flush() ?? state;
    });
    if (reopen) writer = new SeriesWriter({ series, blocks, state });
  }
  return state;
}

function sample(length: number, seed: number): number[] {
  let state = seed | 1;
  return Array.from({ length }, () => {
    state = Math.imul(state, 1664525) + 1013904223 | 0;
    const kind = (state >>> 8) % 400;
    if (kind === 0) return NaN;
    if (kind === 1) return Infinity;
    if (kind === 2) return -Infinity;
    return kind < 200 ? Math.fround(state / 2 ** 20) : state / 7;
  });
}

Deno.test("a range at a resolution keeps every spike, NaN and infinity, whatever the steps do", () => {
  using dir = tempDir();
  using database = IndexDatabase.open(join(dir.path, "metrics.db"));
  let series = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(oddValue, { maxLength: 700 }),
        fc.tuple(fc.integer({ min: 4000, max: 20_000 }), fc.integer())
          .map(([length, seed]) => sample(length, seed)),
      ),
      stepRule,
      fc.record({
        seed: fc.integer(),
        batch: fc.constantFrom(1, 7, 256, 300, 5000),
        reopen: fc.boolean(),
        x: fc.constantFrom("step" as const, "epoch" as const, "time" as const),
        buckets: fc.constantFrom(1, 2, 13, 100, 1000),
        from: fc.double({ min: -0.2, max: 1, noNaN: true }),
        length: fc.double({ min: 0, max: 1.2, noNaN: true }),
        after: fc.constantFrom(0, 0, 1, 5000),
      }),
      (values, rule, how) => {
        const points = build(values, (index) => rule(index, how.seed));
        const batch = Math.max(how.batch, Math.ceil(points.length / 60));
        series++;
        const state = write(database, points, { ...how, series, batch });
        const tree = new SeriesTree(new BlockReader(database), {
          id: series,
          count: points.length,
        });
        checkState(points, state);
        const scale = how.x === "time" ? 1000 : 1;
        const xs = points.map((point) => point[how.x] / scale)
          .filter((x) => !Number.isNaN(x));
        const low = xs.reduce((a, b) => Math.min(a, b), Infinity);
        const high = xs.reduce((a, b) => Math.max(a, b), -Infinity);
        const isAll = how.from < -0.1 || xs.length === 0;
        const from = isAll ? -Infinity : low + (high - low) * how.from;
        const to = isAll ? Infinity : from + (high - low) * how.length;
        const inRange = points.map((point, index) => ({ ...point, index }))
          .filter((point) =>
            point.index >= how.after && point[how.x] >= from * scale &&
            point[how.x] <= to * scale
          );
        const answer = queryPoints(tree, {
          x: how.x,
          from,
          to,
          buckets: how.buckets,
          after: how.after,
          start: 0,
        });
        assertEquals(answer.inRange, inRange.length);
        if (answer.raw) {
          assert(inRange.length <= 2 * how.buckets);
          assertEquals(answer.raw, {
            index: inRange.map(({ index }) => index),
            x: inRange.map((point) => point[how.x] / scale),
            y: inRange.map(({ value }) => jsonNumber(value)),
          });
        } else if (answer.buckets) {
          assert(answer.buckets.index.length <= how.buckets + 1);
          checkBuckets(
            answer.buckets,
            inRange,
            (point) => point[how.x] / scale,
          );
          const odd = inRange.filter(({ value }) => !Number.isFinite(value));
          assertEquals(
            answer.marks,
            odd.slice(0, 256).map((point) => ({
              index: point.index,
              x: point[how.x] / scale,
              y: jsonNumber(point.value),
            })),
          );
        }
      },
    ),
    { numRuns: 60 },
  );
});

function checkBuckets(
  buckets: BucketColumns,
  inRange: readonly (TestPoint & { index: number })[],
  xOf: (point: TestPoint) => number,
): void {
  let at = 0;
  for (const [row, index] of buckets.index.entries()) {
    const members = inRange.slice(at, at += buckets.count[row] ?? NaN);
    assertEquals(members[0]?.index, index);
    const xs = members.map(xOf);
    assertEquals(buckets.x0[row], Math.min(...xs));
    assertEquals(buckets.x1[row], Math.max(...xs));
    const finite = members.filter(({ value }) => Number.isFinite(value));
    const values = finite.map(({ value }) => value);
    const known = finite.length > 0;
    const min = known ? Math.min(...values) : null;
    const max = known ? Math.max(...values) : null;
    // Which of the two zeros is the least is not said.
    assert(buckets.min[row] === min, `${buckets.min[row]} is not ${min}`);
    assert(buckets.max[row] === max, `${buckets.max[row]} is not ${max}`);
    const where = (value: number | null) => {
      const point = finite.find((point) => point.value === value);
      return point === undefined ? null : xOf(point);
    };
    assertEquals(buckets.minX[row], where(min));
    assertEquals(buckets.maxX[row], where(max));
    const count = (odd: number) =>
      members.filter(({ value }) => Object.is(value, odd)).length;
    assertEquals(buckets.nan[row], count(NaN));
    assertEquals(buckets.posInf[row], count(Infinity));
    assertEquals(buckets.negInf[row], count(-Infinity));
  }
  assertEquals(at, inRange.length);
}

function checkState(
  points: readonly TestPoint[],
  state: SeriesState | undefined,
): void {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) {
    assertEquals(state, undefined);
    return;
  }
  const list = (
    { step, epoch, time, value }: TestPoint,
  ) => [step, epoch, time, value];
  assertEquals([...state?.first ?? []], list(first));
  assertEquals([...state?.last ?? []], list(last));
  assertEquals(state?.summary[SUM.count], points.length);
  const finite = points.map(({ value }) => value).filter(Number.isFinite);
  if (finite.length === 0) return;
  const max = finite.reduce((a, b) => Math.max(a, b));
  assert(state?.summary[SUM.max] === max);
  assertEquals(
    state?.summary[SUM.maxAt],
    points.findIndex(({ value }) => value === max),
  );
}
