import { assertEquals } from "@std/assert";
import {
  bestValues,
  betterOf,
} from "../../../../src/web/pages/folder/best_values.ts";

Deno.test("betterOf() goes by the words of a metric's name", () => {
  const cases: [metric: string, better: "more" | "less" | undefined][] = [
    ["val/accuracy", "more"],
    ["val/top1_acc", "more"],
    ["train/loss", "less"],
    ["train/valLoss", "less"],
    ["accuracy/x", undefined],
    ["val/lossless", undefined],
    ["train/lr", undefined],
  ];
  for (const [metric, better] of cases) {
    assertEquals(betterOf(metric), better, metric);
  }
});

Deno.test("bestValues() marks nothing where all are the same, or nothing is known to be better", () => {
  const columns = [
    "metrics.val/accuracy.last",
    "metrics.val/loss.min",
    "metrics.val/loss.count",
    "hparams.loss",
    "metrics.test/loss.last",
  ];
  const rows = [
    [0.5, 3, 1, 1, 2],
    [0.9, "NaN", 2, 2, 2],
    [null, 1, 3, 3, null],
  ];
  assertEquals(bestValues(columns, rows), [
    0.9,
    1,
    undefined,
    undefined,
    undefined,
  ]);
});
