/**
 * What of a chart's values cannot be drawn where it is, said below it.
 *
 * @module
 */

import type { JSX } from "preact";
import { formatNumber } from "../format/number.ts";
import { CHARTS } from "../text/charts.ts";
import { oddText } from "./chart_tip.tsx";
import type { ChartModel } from "./chart_model.ts";
import { formatValue } from "./unit.ts";
import { seenRows } from "./trace.ts";

/** Shows how many values are no finite numbers, or have no logarithm. */
export function ChartNotes(
  { model }: { readonly model: ChartModel },
): JSX.Element | null {
  const odd = countOdd(model);
  const list = oddText(odd);
  const { beyond } = model;
  const marks = markText(model);
  if (list === "" && !odd.hasNonPositive && !beyond && marks === "") {
    return null;
  }
  return (
    <p class="chart-notes">
      {marks !== "" && <span>┆ {marks}</span>}
      {list !== "" && <span>{CHARTS.oddLegend({ list: marked(odd) })}</span>}
      {beyond && (
        <span>
          {CHARTS.beyond({
            min: formatValue(beyond.min, model.unit),
            max: formatValue(beyond.max, model.unit),
          })}
        </span>
      )}
      {odd.hasNonPositive && <span>{CHARTS.nonPositive()}</span>}
    </p>
  );
}

const MAX_STEPS = 8;

/** Where attempts have gone on. */
function markText({ marks }: ChartModel): string {
  if (marks.length === 0) return "";
  if (marks.some(({ color }) => color !== undefined)) {
    return CHARTS.resumedRuns();
  }
  const steps = marks.slice(0, MAX_STEPS).map(({ x }) => formatNumber(x));
  const left = marks.length - steps.length;
  return CHARTS.resumedAt({
    steps: steps.join(", ") + (left > 0 ? ", …" : ""),
  });
}

interface Odd {
  readonly nan: number;
  readonly posInf: number;
  readonly negInf: number;
  readonly hasNonPositive: boolean;
}

/** With the shapes of their marks. */
function marked({ nan, posInf, negInf }: Odd): string {
  return [
    nan > 0 ? `✕ ${CHARTS.nan()} ×${nan}` : "",
    posInf > 0 ? `△ ${CHARTS.posInf()} ×${posInf}` : "",
    negInf > 0 ? `▽ ${CHARTS.negInf()} ×${negInf}` : "",
  ].filter(Boolean).join(" · ");
}

function countOdd({ lines, x, y }: ChartModel): Odd {
  let nan = 0;
  let posInf = 0;
  let negInf = 0;
  let hasNonPositive = false;
  for (const { curve } of lines) {
    const { from, to } = seenRows(curve, x);
    const { columns } = curve;
    for (let row = from; row < to; row++) {
      const isOutside = (columns.x1[row] as number) < x.min ||
        (columns.x0[row] as number) > x.max;
      if (isOutside) continue;
      nan += columns.nan[row] as number;
      posInf += columns.posInf[row] as number;
      negInf += columns.negInf[row] as number;
      hasNonPositive ||= y.isLog && (columns.min[row] as number) <= 0;
    }
  }
  return { nan, posInf, negInf, hasNonPositive };
}
