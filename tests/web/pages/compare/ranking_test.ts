import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type Cell,
  toNumber,
} from "../../../../src/web/pages/compare/cells.ts";
import { metricRows } from "../../../../src/web/pages/compare/metric_rows.ts";
import { guessDirection } from "../../../../src/web/pages/compare/metric_direction.ts";
import { bestOf, rankRuns } from "../../../../src/web/pages/compare/ranking.ts";

const CELLS: readonly Cell[] = [0.5, "NaN", 0.9, undefined, 0.5, "Infinity"];

Deno.test("runs are ranked, equal ones share a place, and those without a finite number have none", () => {
  const show = (direction: "lower" | "higher") =>
    rankRuns([0, 1, 2, 3, 4, 5], (i) => CELLS[i], direction)
      .map(({ item, rank }) => [item, rank]);
  assertEquals(show("higher"), [
    [2, 1],
    [0, 2],
    [4, 2],
    [1, undefined],
    [3, undefined],
    [5, undefined],
  ]);
  assertEquals(show("lower").slice(0, 3), [[0, 1], [4, 1], [2, 3]]);
});

Deno.test("the best are marked where there is something to compare", () => {
  assertEquals(bestOf(CELLS, "lower"), new Set([0, 4]));
  assertEquals(bestOf(CELLS, "higher"), new Set([2]));
  assertEquals(bestOf([1, "NaN"], "higher"), new Set());
  assertEquals(bestOf([1, 1, undefined], "higher"), new Set());
});

Deno.test("a rank is one more than the number of better runs", () => {
  const cell = fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom<Cell>("NaN", undefined, null),
  );
  fc.assert(fc.property(fc.array(cell), (cells) => {
    for (const { cell, rank } of rankRuns(cells, (c) => c, "lower")) {
      const value = toNumber(cell);
      const better = cells.filter((other) =>
        value !== undefined && (toNumber(other) ?? Infinity) < value
      );
      assertEquals(rank, value === undefined ? undefined : better.length + 1);
    }
  }));
});

Deno.test("what metrics came to stands in rows, with the best, and with what the least and the greatest leave out", () => {
  const table: Readonly<Record<string, readonly Cell[]>> = {
    "metrics.val/loss.last": [0.2, "NaN", undefined],
    "metrics.val/loss.min": [0.1, undefined, undefined],
    "metrics.val/loss.nan": [2, 5, undefined],
    "metrics.val/loss.posInf": [1, 0, undefined],
    "metrics.val/loss.negInf": [0, 0, undefined],
  };
  const rows = metricRows({
    metrics: [{
      id: "metrics.val/loss.last",
      type: "val",
      name: "loss",
      runs: 2,
    }],
    stats: ["last", "min"],
    directionOf: () => "lower",
    read: (column) => table[column] ?? [],
  });
  assertEquals(rows.map(({ stat, cells }) => [stat, ...cells]), [
    ["last", 0.2, "NaN", undefined],
    ["min", 0.1, undefined, undefined],
  ]);
  assertEquals(rows[1]?.hasPoints, [true, true, false]);
  assertEquals(rows[1]?.odd, ["2 NaN, 1 ∞", "5 NaN", undefined]);
});

Deno.test("what is better of a metric is guessed from its name", () => {
  for (
    const name of [
      "loss",
      "valLoss",
      "error_rate",
      "RMSE",
      "perplexity",
      "cross_entropy",
      "step_time",
    ]
  ) assertEquals(guessDirection(name), "lower", name);
  for (
    const name of [
      "accuracy",
      "f1",
      "bleu",
      "glossary_recall",
      "samples_per_second",
      "AUC",
    ]
  ) assertEquals(guessDirection(name), "higher", name);
});
