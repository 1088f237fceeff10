/**
 * A comparison as HTML.
 *
 * @module
 */

import type { YamlValue } from "../format/yaml_value.ts";
import { lineColor } from "./colors.ts";
import { betterOf } from "./direction.ts";
import { problems, scrolled, statusMark, swatch } from "./card_parts.ts";
import { drawChart } from "./chart.ts";
import type {
  ComparedMetric,
  ComparedMetricValue,
  RunComparisonData,
} from "./comparison_data.ts";
import { runLabels } from "./comparison_data.ts";
import { type Markup, markup } from "./markup.ts";
import { metricName, MOST_CHARTS, pointsFor } from "./metric_parts.ts";
import type { RunView } from "./run_view.ts";
import { STYLE } from "./style.ts";
import { cut, howMany, shownNumber, shownValue, tookText } from "./texts.ts";

/** How many runs are shown, and how many hyperparameters and metrics of each. */
const MOST_RUNS = 30;
const MOST_PARAMS = 12;
const MOST_METRICS = 12;

/**
 * Draws a comparison.
 *
 * @param data The comparison.
 * @param views The runs.
 * @returns HTML of bounded size.
 */
export function comparisonCard(
  data: RunComparisonData,
  views: readonly RunView[],
): Markup {
  const hidden = views.length - MOST_RUNS;
  const shown = views.slice(0, MOST_RUNS);
  return markup`${STYLE}<div class="em-card"><div class="em-head"><span class="em-name">${
    howMany(views.length, "run")
  }</span><span class="em-muted">${equalText(data)}</span></div>${
    scrolled(table(data, shown))
  }${
    hidden > 0
      ? markup`<span class="em-muted">and ${
        howMany(hidden, "run")
      } that are not shown</span>`
      : ""
  }${charts(data, shown)}${
    problems(
      data.runs.flatMap(({ problems }) => problems),
    )
  }</div>`;
}

function equalText({ hparams }: RunComparisonData): string {
  const equal = hparams.filter(({ isEqual }) => isEqual).length;
  return equal === 0
    ? ""
    : `${howMany(equal, "hyperparameter")} the same in all`;
}

function table(data: RunComparisonData, views: readonly RunView[]): Markup {
  const params = data.hparams.filter(({ isEqual }) => !isEqual)
    .slice(0, MOST_PARAMS);
  const metrics = data.metrics.slice(0, MOST_METRICS);
  const bests = metrics.map(bestOf);
  const labels = runLabels(data.runs);
  return markup`<table><thead><tr><th>run</th><th></th><th></th>${
    [...params, ...metrics].map((
      { name },
    ) => markup`<th class="em-user">${cut(name, 60)}</th>`)
  }</tr></thead><tbody>${
    views.map((view, at) =>
      markup`<tr><td class="em-whole">${
        swatch(lineColor(at))
      }<span class="em-user" title="${cut(view.path, 300)}">${
        cut(labels[at] ?? "", 60)
      }</span></td><td class="em-start">${
        statusMark(view)
      }</td><td class="em-muted">${tookText(view.durationMs)}</td>${
        params.map(({ values }) =>
          markup`<td class="em-user">${
            cut(shownValue(values[at] as YamlValue | undefined), 60)
          }</td>`
        )
      }${
        metrics.map(({ values }, column) =>
          metricCell(values[at], bests[column] === at)
        )
      }</tr>`
    )
  }</tbody></table>`;
}

function metricCell(
  value: ComparedMetricValue | undefined,
  isBest: boolean,
): Markup {
  if (value === undefined) return markup`<td class="em-muted">–</td>`;
  const { last, min, max } = value;
  const range = min === null || max === null
    ? ""
    : `${shownNumber(min.value)} to ${shownNumber(max.value)}`;
  return markup`<td class="${isBest ? "em-best" : ""}" title="${range}">${
    shownNumber(last.value)
  }</td>`;
}

/** Which run ended best, where the metric's name tells what is good. */
function bestOf({ name, values }: ComparedMetric): number | undefined {
  const better = betterOf(name);
  if (better === undefined) return undefined;
  let best: number | undefined;
  let bestValue = NaN;
  for (const [at, value] of values.entries()) {
    const last = value?.last.value ?? NaN;
    const isBetter = better === "less" ? last < bestValue : last > bestValue;
    if (isBetter || (Number.isNaN(bestValue) && !Number.isNaN(last))) {
      best = at;
      bestValue = last;
    }
  }
  return best;
}

function charts(data: RunComparisonData, views: readonly RunView[]): Markup {
  const labels = runLabels(data.runs);
  const figures = data.metrics.map(({ name }) => ({
    name,
    lines: views.flatMap(({ series }, at) =>
      series.filter((one) => metricName(one) === name)
        .map(({ curve }) => ({
          label: cut(labels[at] ?? "", 60),
          color: lineColor(at),
          curve,
        }))
    ),
  })).filter(({ lines }) => lines.some(({ curve }) => curve.length > 1))
    .slice(0, MOST_CHARTS);
  if (figures.length === 0) return markup``;
  const points = pointsFor(
    figures.reduce((sum, { lines }) => sum + lines.length, 0),
  );
  return markup`<div class="em-charts">${
    figures.map(({ name, lines }) => {
      const title = cut(name, 100);
      return markup`<div class="em-figure"><b class="em-user">${title}</b>${
        drawChart(lines, { title, points })
      }</div>`;
    })
  }</div>`;
}
