/**
 * The best values of metrics.
 *
 * @module
 */

import type { Scalar } from "../../api/types.ts";
import { metricOf } from "./column_list.ts";

const WORDS = /[\p{Lu}]?[\p{Ll}\p{N}]+|[\p{Lu}]+/gu;
const MORE_IS_BETTER = new Set([
  "acc",
  "accuracy",
  "auc",
  "auroc",
  "bleu",
  "dice",
  "f1",
  "iou",
  "map",
  "miou",
  "precision",
  "psnr",
  "r2",
  "recall",
  "return",
  "reward",
  "rouge",
  "score",
  "ssim",
]);
const LESS_IS_BETTER = new Set([
  "error",
  "err",
  "fid",
  "loss",
  "mae",
  "mse",
  "nll",
  "perplexity",
  "ppl",
  "rmse",
  "wer",
]);

/** Whether more or less of a metric is better; undefined where its name does not say. */
export function betterOf(metric: string): "more" | "less" | undefined {
  const name = metric.slice(metric.lastIndexOf("/") + 1);
  const words = name.match(WORDS)?.map((word) => word.toLowerCase()) ?? [];
  if (words.some((word) => LESS_IS_BETTER.has(word))) return "less";
  if (words.some((word) => MORE_IS_BETTER.has(word))) return "more";
  return undefined;
}

/**
 * The best value of each column.
 *
 * @param columns The columns' names.
 * @param rows The values of all rows, in the order of the columns.
 * @returns For each column its best value; undefined where there is none, or all are the same.
 */
export function bestValues(
  columns: readonly string[],
  rows: readonly (readonly Scalar[])[],
): readonly (number | undefined)[] {
  return columns.map((id, at) => {
    const metric = metricOf(id);
    if (metric === undefined || !["last", "min", "max"].includes(metric.stat)) {
      return undefined;
    }
    const better = betterOf(metric.name);
    let least = Infinity;
    let most = -Infinity;
    for (const row of rows) {
      const value = row[at];
      if (typeof value !== "number") continue;
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    if (better === undefined || !(least < most)) return undefined;
    return better === "more" ? most : least;
  });
}
