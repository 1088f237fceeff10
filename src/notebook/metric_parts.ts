/**
 * The metrics of a run as HTML.
 *
 * @module
 */

import type { SeriesPoint, SeriesSummary } from "../reading/series.ts";
import { lineColor } from "./colors.ts";
import { scrolled, swatch } from "./card_parts.ts";
import { drawChart } from "./chart.ts";
import { type Markup, markup } from "./markup.ts";
import { cut, howMany, shownNumber } from "./texts.ts";
import { typesInOrder } from "./type_order.ts";

/** How many charts there are at most, how many lines in one, and how many rows in the table of what is in none. */
export const MOST_CHARTS = 12;
const MOST_LINES = 6;
const MOST_ROWS = 60;

/** How many points are drawn for all charts together, and how many for a line. */
const ALL_POINTS = 3_000;
const LINE_POINTS = 256;
const LEAST_POINTS = 24;

/**
 * Draws the metrics of a run: a chart for each name, with a line for each type; what has only one value is in a table.
 *
 * @param series The metrics.
 * @returns The charts and the table.
 */
export function metricParts(series: readonly SeriesSummary[]): Markup {
  const colors = new Map(
    typesInOrder(series).map((type, at) => [type, lineColor(at)]),
  );
  const byName = Map.groupBy(series, ({ name }) => name);
  const charted = [...byName].filter(([, lines]) =>
    lines.some(({ curve }) => curve.length > 1)
  ).slice(0, MOST_CHARTS);
  const inCharts = new Set(
    charted.flatMap(([, lines]) => lines.slice(0, MOST_LINES)),
  );
  const rest = series.filter((one) => !inCharts.has(one));
  const points = pointsFor(inCharts.size);
  return markup`${
    charted.length === 0
      ? ""
      : markup`<div class="em-charts">${
        charted.map(([name, lines]) =>
          figure(name, lines.slice(0, MOST_LINES), { colors, points })
        )
      }</div>`
  }${restTable(rest)}`;
}

/**
 * How many points lines may have, so that all of them together are not too large.
 *
 * @param lines How many lines there are.
 * @returns How many points each may have.
 */
export function pointsFor(lines: number): number {
  const fair = Math.floor(ALL_POINTS / Math.max(1, lines));
  return Math.min(LINE_POINTS, Math.max(LEAST_POINTS, fair));
}

function figure(
  name: string,
  lines: readonly SeriesSummary[],
  { colors, points }: {
    readonly colors: ReadonlyMap<string, string>;
    readonly points: number;
  },
): Markup {
  const colorOf = (type: string) => colors.get(type) ?? lineColor(0);
  const shown = lines.map(({ type, curve }) => ({
    label: cut(type, 60),
    color: colorOf(type),
    curve,
  }));
  return markup`<div class="em-figure"><b class="em-user">${cut(name, 80)}</b>${
    drawChart(
      shown,
      { title: cut(name, 80), points },
    )
  }${
    scrolled(
      markup`<table><thead><tr><th></th><th>last</th><th>min</th><th>max</th></tr></thead><tbody>${
        lines.map((line) =>
          markup`<tr><td class="em-whole">${
            swatch(colorOf(line.type))
          }<span class="em-user">${cut(line.type, 60)}</span>${
            oddities(line)
          }</td>${values(line)}</tr>`
        )
      }</tbody></table>`,
    )
  }</div>`;
}

function restTable(rest: readonly SeriesSummary[]): Markup {
  if (rest.length === 0) return markup``;
  const hidden = rest.length - MOST_ROWS;
  return scrolled(
    markup`<table><thead><tr><th>metric</th><th>last</th><th>min</th><th>max</th></tr></thead><tbody>${
      rest.slice(0, MOST_ROWS).map((one) =>
        markup`<tr><td class="em-user">${cut(metricName(one), 160)}${
          oddities(one)
        }</td>${values(one)}</tr>`
      )
    }</tbody></table>${
      hidden > 0
        ? markup`<span class="em-muted">and ${
          howMany(hidden, "metric")
        } that are not shown</span>`
        : ""
    }`,
  );
}

/**
 * The name of a metric with its type.
 *
 * @param series The metric.
 * @returns Such as `train/loss`.
 */
export function metricName(
  { type, name }: Pick<SeriesSummary, "type" | "name">,
): string {
  return `${type}/${name}`;
}

function values({ last, min, max }: SeriesSummary): Markup[] {
  return [
    markup`<td title="${stepOf(last)}">${shownNumber(last.value)}</td>`,
    ...[min, max].map((point) =>
      point === null
        ? markup`<td>–</td>`
        : markup`<td>${shownNumber(point.value)}<small>${
          stepOf(point)
        }</small></td>`
    ),
  ];
}

function stepOf({ step }: SeriesPoint): string {
  return step === null ? "" : `@ ${shownNumber(step)}`;
}

/** What is in no curve. */
function oddities({ nan, posInf, negInf }: SeriesSummary): Markup {
  const counts = ([[nan, "NaN"], [posInf, "∞"], [negInf, "−∞"]] as const)
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} × ${what}`);
  return counts.length === 0
    ? markup``
    : markup`<small>${counts.join(", ")}</small>`;
}
