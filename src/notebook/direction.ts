/** Words in the names of metrics that tell what is good. */
const LESS =
  /loss|err|mse|mae|rmse|mape|nll|ppl|perplexity|bpb|bpc|\bwer\b|\bcer\b|\bfid\b/i;
const MORE =
  /acc|f1|auc|precision|recall|bleu|rouge|score|reward|iou|map|dice|psnr|ssim|\br2\b/i;

/**
 * Guesses from a metric's name whether less or more of it is better.
 *
 * @param name The name.
 * @returns What is better; undefined where the name does not tell, or tells both.
 */
export function betterOf(name: string): "less" | "more" | undefined {
  const [isLess, isMore] = [LESS.test(name), MORE.test(name)];
  if (isLess === isMore) return undefined;
  return isLess ? "less" : "more";
}
