/**
 * Which line of a chart is which, and what each says now or at the cursor.
 *
 * @module
 */

import type { JSX } from "preact";
import { formatNumber } from "../format/number.ts";
import { cursor } from "./board_state.ts";
import type { ChartModel } from "./chart_model.ts";
import { Swatch, valueText } from "./chart_tip.tsx";
import { type ChartLine, valueAt } from "./line.ts";
import { readLines } from "./readings.ts";

/** Shows the types of a chart; of a single run with their values. */
export function ChartLegend(
  { model, isSingle }: {
    readonly model: ChartModel;
    readonly isSingle: boolean;
  },
): JSX.Element | null {
  const { lines } = model;
  if (isSingle) {
    return (
      <ul class="chart-legend">
        {lines.map((line) => (
          <li key={line.key}>
            <Swatch line={line} />
            <span class="cut user-text">{line.type}</span>
            <Value line={line} model={model} />
          </li>
        ))}
      </ul>
    );
  }
  const types = new Map(lines.map((line) => [line.type, line]));
  if (types.size < 2) return null;
  return (
    <ul class="chart-legend">
      {[...types.values()].map(({ type, dash }) => (
        <li key={type}>
          <Swatch line={{ color: "currentColor", dash }} />
          <span class="cut user-text">{type}</span>
        </li>
      ))}
    </ul>
  );
}

function Value(
  { line, model }: { readonly line: ChartLine; readonly model: ChartModel },
): JSX.Element {
  const at = cursor.value;
  const [reading] = at === undefined ? [] : readLines([line], at.x, model.x);
  const text = at !== undefined
    ? reading && valueText(reading)
    : line.curve.length > 0
    ? valueText({
      line,
      row: line.curve.length - 1,
      value: valueAt(line, line.curve.length - 1),
    })
    : formatNumber(NaN);
  return <b class="numeric">{text ?? "–"}</b>;
}
