import type { SeriesPoints, Value } from "../../../src/web/api/types.ts";
import { Curve } from "../../../src/web/charts/curve.ts";
import type { ChartLine } from "../../../src/web/charts/line.ts";

/** An answer of the server with points as they are; `xs` are the indexes where they are not given. */
export function rawAnswer(
  ys: readonly Value[],
  options: {
    readonly from?: number;
    readonly reset?: boolean;
    readonly xs?: readonly number[];
  } = {},
): SeriesPoints {
  const { from = 0, reset = from === 0 } = options;
  const index = ys.map((_, at) => from + at);
  return {
    node: "n",
    type: "train",
    name: "loss",
    count: from + ys.length,
    cursor: `1.${from + ys.length}`,
    reset,
    inRange: ys.length,
    raw: { index, x: options.xs ?? index, y: ys },
  };
}

/** A curve through points. */
export function curveOf(
  ys: readonly Value[],
  xs?: readonly number[],
): Curve {
  const curve = new Curve();
  curve.take(rawAnswer(ys, xs === undefined ? {} : { xs }));
  return curve;
}

/** A line of a chart. */
export function lineOf(
  curve: Curve,
  more: Partial<ChartLine> = {},
): ChartLine {
  return {
    key: "n\0train/loss",
    node: "n",
    run: "run",
    type: "train",
    color: "#3b78e7",
    dash: [],
    curve,
    smoothed: undefined,
    hasBand: true,
    ...more,
  };
}
