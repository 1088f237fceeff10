/**
 * Whether less or more of a metric is better.
 *
 * @module
 */

/** What is better. */
export type Direction = "lower" | "higher";

/** Words of which less is better, wherever they stand in a name. */
const LESS = new Set(
  ("loss losses err error errors mse rmse mae mape smape msle nll ppl perplexity bpb bpc wer cer ter fid kid kl divergence " +
    "entropy logloss crossentropy regret cost penalty latency time duration seconds secs ms runtime eer fpr fnr hinge residual " +
    "brier ece distance deviation variance std memory mem bytes norm temperature miss misses fail failures dropped nan")
    .split(" "),
);

/** Words that turn what the others say around. */
const MORE = new Set(
  "per throughput speed improvement reward score".split(" "),
);

/** Guesses from a metric's name; a person may say otherwise. */
export function guessDirection(name: string): Direction {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1 $2").toLowerCase()
    .split(/[^a-z]+/);
  if (words.some((word) => MORE.has(word))) return "higher";
  return words.some((word) => LESS.has(word)) ? "lower" : "higher";
}
