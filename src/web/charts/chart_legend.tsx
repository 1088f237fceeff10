/**
 * Which line of a chart is which, and what each says now or at the cursor.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { formatNumber } from "../format/number.ts";
import { CHARTS } from "../text/charts.ts";
import { Button } from "../ui/button.tsx";
import { cursor } from "./board_state.ts";
import type { ChartModel } from "./chart_model.ts";
import { Swatch, valueText } from "./chart_tip.tsx";
import { type ChartLine, valueAt } from "./line.ts";
import { readType } from "./metric_type.ts";
import { readLines } from "./readings.ts";

/** Of more lines the rest is shown on demand. */
const FEW = 12;

/** Shows the types of a chart; of a single run with their values. */
export function ChartLegend(
  { model, isSingle }: {
    readonly model: ChartModel;
    readonly isSingle: boolean;
  },
): JSX.Element | null {
  const [isOpen, setOpen] = useState(false);
  const { lines } = model;
  if (isSingle) {
    const isOwn = ({ type }: ChartLine) => readType(type).rank === undefined;
    const sorted = lines.toSorted((a, b) =>
      Number(isOwn(b)) - Number(isOwn(a))
    );
    const isLong = lines.length > FEW + 1;
    const shown = isLong && !isOpen ? sorted.slice(0, FEW) : sorted;
    return (
      <ul class="chart-legend">
        {shown.map((line) => (
          <li key={line.key}>
            <Swatch line={line} />
            <span class="cut user-text">{line.type}</span>
            <Value line={line} model={model} />
          </li>
        ))}
        {isLong && (
          <li>
            <Button kind="quiet" onClick={() => setOpen(!isOpen)}>
              {isOpen
                ? CHARTS.showLess()
                : CHARTS.showMore({ n: lines.length })}
            </Button>
          </li>
        )}
      </ul>
    );
  }
  const types = new Map(
    lines.map(({ type, dash }) => [readType(type).base, dash]),
  );
  if (types.size < 2) return null;
  return (
    <ul class="chart-legend">
      {[...types].map(([type, dash]) => (
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
    ? reading && valueText(reading, model.unit)
    : line.curve.length > 0
    ? valueText({
      line,
      row: line.curve.length - 1,
      value: valueAt(line, line.curve.length - 1),
    }, model.unit)
    : formatNumber(NaN);
  return <b class="numeric">{text ?? "–"}</b>;
}
