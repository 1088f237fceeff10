import { foldMetricType } from "../format/names.ts";

/** Where a metric of another tracker, whose names may say more than a name, belongs. */
export interface MetricPlace {
  /** The metric type. */
  readonly type: string;
  /** The name. */
  readonly name: string;
}

/**
 * Takes a metric type out of a name such as `train/loss` or `validation/loss`; names without one are of the type `train`.
 *
 * @param name The name in another tracker.
 * @returns Type and name.
 */
export function placeOfMetric(name: string): MetricPlace {
  const at = name.indexOf("/");
  const type = at > 0 ? knownType(name.slice(0, at)) : undefined;
  if (type === undefined || at + 1 === name.length) {
    return { type: "train", name };
  }
  return { type, name: name.slice(at + 1) };
}

/**
 * Finds the metric type that a word stands for.
 *
 * @param word The word, such as `validation`.
 * @returns `train`, `val` or `test`; undefined if it is no such word.
 */
export function knownType(word: string): string | undefined {
  return KNOWN_TYPES.has(word) ? foldMetricType(word) : undefined;
}

const KNOWN_TYPES: ReadonlySet<string> = new Set([
  "train",
  "training",
  "val",
  "validate",
  "validation",
  "test",
  "testing",
  "eval",
  "evaluate",
  "evaluation",
]);
