/**
 * A chart as text: for those who do not see it, and as a table below it.
 *
 * @module
 */

import type { JSX } from "preact";
import type { Point, Series } from "../api/types.ts";
import { CHARTS } from "../text/charts.ts";
import { oddText, Swatch } from "./chart_tip.tsx";
import { toNumber } from "./curve.ts";
import type { ChartLine } from "./line.ts";
import { formatValue } from "./unit.ts";

/** A line and what is known of its series as a whole. */
export interface TableLine {
  readonly look: Pick<ChartLine, "color" | "dash">;
  readonly label: string;
  readonly series: Series;
  /** Of its values. */
  readonly unit: string;
}

const MAX_ROWS = 100;
const MAX_SPOKEN = 5;

/** What a chart shows, in sentences. */
export function summaryText(lines: readonly TableLine[]): string {
  const spoken = lines.slice(0, MAX_SPOKEN).map(({ label, series, unit }) =>
    CHARTS.summary({
      line: label,
      n: series.count,
      last: text(series.last, unit),
      min: text(series.min, unit),
      max: text(series.max, unit),
    })
  );
  const left = lines.length - spoken.length;
  return [...spoken, ...(left > 0 ? [CHARTS.andMore({ n: left })] : [])]
    .join("; ");
}

/** Shows the last, least and greatest values of the lines of a chart. */
export function ChartTable(
  { lines, name }: {
    readonly lines: readonly TableLine[];
    readonly name: string;
  },
): JSX.Element {
  const left = lines.length - MAX_ROWS;
  return (
    <div
      class="chart-table"
      tabIndex={0}
      role="region"
      aria-label={CHARTS.chart({ name })}
    >
      <table>
        <thead>
          <tr>
            <th scope="col">{CHARTS.line()}</th>
            <th scope="col">{CHARTS.last()}</th>
            <th scope="col">{CHARTS.least()}</th>
            <th scope="col">{CHARTS.greatest()}</th>
            <th scope="col">{CHARTS.count()}</th>
            <th scope="col">{CHARTS.odd()}</th>
          </tr>
        </thead>
        <tbody>
          {lines.slice(0, MAX_ROWS).map(({ look, label, series, unit }) => (
            <tr key={label}>
              <th scope="row">
                <Swatch line={look} /> <span class="user-text">{label}</span>
              </th>
              <td class="numeric">{text(series.last, unit)}</td>
              <td class="numeric">{text(series.min, unit)}</td>
              <td class="numeric">{text(series.max, unit)}</td>
              <td class="numeric">{series.count}</td>
              <td class="numeric">{oddText(series) || "–"}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {left > 0 && <p class="muted">{CHARTS.andMore({ n: left })}</p>}
    </div>
  );
}

function text(point: Point | null, unit: string): string {
  return point === null ? "–" : formatValue(toNumber(point.value), unit);
}
