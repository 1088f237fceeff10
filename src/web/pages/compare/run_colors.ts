/**
 * How runs are coloured by a value.
 *
 * @module
 */

import { runColor } from "../../charts/palette.ts";
import type { Cell } from "./cells.ts";
import { colorAt } from "./color_scale.ts";
import { makeScale, type Scale, type ScaleKind } from "./scale.ts";

/** The colours of runs. */
export interface RunColors {
  /** In the order of the runs; undefined where a run has no such value. */
  readonly colors: readonly (string | undefined)[];
  /** Undefined where each run has its own colour. */
  readonly scale: Scale | undefined;
}

/** Colours runs by their values: numbers by a range of colours, categories by one each. */
export function colorRuns(
  cells: readonly Cell[],
  choice?: ScaleKind,
): RunColors {
  const scale = makeScale(cells, choice);
  const colors = cells.map((cell) => {
    const at = scale.at(cell);
    if (at === undefined) return undefined;
    return scale.kind === "category"
      ? runColor(scale.categories.indexOf(cell ?? null))
      : colorAt(at);
  });
  return { colors, scale };
}
