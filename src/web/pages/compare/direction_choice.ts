/**
 * What is better of a metric, as the address says or the name suggests. Those that are not as the name suggests stand in the
 * address as `low` and `high`.
 *
 * @module
 */

import { route, setParams } from "../../state/route.ts";
import { type Direction, guessDirection } from "./metric_direction.ts";

/** What is better of a metric such as `train/loss`. */
export function directionOf(path: string): Direction {
  const { params } = route.value;
  if (params.getAll("low").includes(path)) return "lower";
  if (params.getAll("high").includes(path)) return "higher";
  return guessDirection(path.slice(path.indexOf("/") + 1));
}

/** Says what is better. */
export function setDirection(path: string, direction: Direction): void {
  const { params } = route.peek();
  const without = (name: string) =>
    params.getAll(name).filter((other) => other !== path);
  const isGuess =
    guessDirection(path.slice(path.indexOf("/") + 1)) === direction;
  setParams({
    low: [
      ...without("low"),
      ...direction === "lower" && !isGuess ? [path] : [],
    ],
    high: [
      ...without("high"),
      ...direction === "higher" && !isGuess ? [path] : [],
    ],
  });
}
