/**
 * A run as text.
 *
 * @module
 */

import { safeText } from "../safe_text.ts";
import { metricName } from "./metric_parts.ts";
import type { RunView } from "./run_view.ts";
import { cut, shownNumber, shownValue, statusWord, tookText } from "./texts.ts";

const MOST_METRICS = 20;
const MOST_PROBLEMS = 5;
const LONGEST_HEAD = 60;
const LONGEST_LINE = 400;

/**
 * Describes a run in a few lines.
 *
 * @param run The run.
 * @returns The lines. What others wrote cannot disturb a terminal.
 */
export function runText(run: RunView): string {
  const { name, labels, description, hparams, series, problems } = run;
  const took = tookText(run.durationMs);
  const params = [...hparams].map(([key, value]) =>
    `${key} ${shownValue(value)}`
  );
  const hidden = series.length - MOST_METRICS;
  const lines: [head: string, text: string][] = [
    ["", `Run "${name}" ${statusWord(run)}${took === "" ? "" : `, ${took}`}`],
    ["path", run.path],
    ["labels", labels.join(", ")],
    ["description", description],
    ["hparams", params.join(", ")],
    ...series.slice(0, MOST_METRICS).map((one): [string, string] => {
      const { last, min, max } = one;
      const range = min === null || max === null
        ? ""
        : ` (${shownNumber(min.value)} to ${shownNumber(max.value)})`;
      return [metricName(one), `${shownNumber(last.value)}${range}`];
    }),
    ["", hidden > 0 ? `and ${hidden} more metrics` : ""],
    ...problems.slice(0, MOST_PROBLEMS).map((
      problem,
    ): [string, string] => ["problem", problem]),
  ];
  const [first, ...rest] = lines.filter(([, text]) => text !== "")
    .map((
      [head, text],
    ) => [
      safeText(cut(head, LONGEST_HEAD)),
      safeText(cut(text, LONGEST_LINE)),
    ]);
  const width = Math.max(...rest.map(([head = ""]) => head.length));
  return [
    first?.[1],
    ...rest.map(([head = "", text = ""]) => `  ${head.padEnd(width)}  ${text}`),
  ].join("\n");
}
