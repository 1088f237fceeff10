/**
 * Columns as axes of plots.
 *
 * @module
 */

import type { Brush } from "./brush.ts";
import type { Cell } from "./cells.ts";
import { makeScale, type Scale } from "./scale.ts";
import { scaleChoice } from "./scale_choice.ts";
import type { Variables } from "./use_variables.ts";

/** A column as an axis. */
export interface ColumnAxis {
  /** The column. */
  readonly id: string;
  readonly label: string;
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
  readonly scale: Scale;
}

/** An axis that runs are chosen on. */
export interface PlotAxis extends ColumnAxis {
  readonly brush: Brush | undefined;
}

/** Makes a column an axis, on the scale that a person has chosen, or that fits. */
export function columnAxis(variables: Variables, id: string): ColumnAxis {
  const cells = variables.read(id);
  return {
    id,
    label: variables.find(id)?.label ?? id,
    cells,
    scale: makeScale(cells, scaleChoice(id)),
  };
}
