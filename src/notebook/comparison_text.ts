import { safeText } from "../safe_text.ts";
import type { YamlValue } from "../format/yaml_value.ts";
import { type RunComparisonData, runLabels } from "./comparison_data.ts";
import { cut, shownNumber, shownValue, statusWord, tookText } from "./texts.ts";

/** How many runs stand beside one another, and how many rows there are. */
const RUNS_ABREAST = 6;
const MOST_ROWS = 60;
const LONGEST_CELL = 40;
const GAP = "  ";

/**
 * Writes a comparison as text.
 *
 * @param data The comparison.
 * @returns Tables with a column for each run.
 */
export function comparisonText(data: RunComparisonData): string {
  const blocks: string[] = [];
  for (let at = 0; at < data.runs.length; at += RUNS_ABREAST) {
    blocks.push(block(data, at, at + RUNS_ABREAST));
  }
  return blocks.join("\n\n");
}

function block(
  { runs, hparams, metrics }: RunComparisonData,
  from: number,
  to: number,
): string {
  const row = <T>(
    name: string,
    values: readonly T[],
    text: (value: T) => string,
  ) => [name, ...values.slice(from, to).map(text)];
  const differing = hparams.filter(({ isEqual }) => !isEqual);
  const rows = [
    row("", runLabels(runs), (label) => label),
    row("status", runs, ({ status }) => statusWord({ status, state: "done" })),
    row("duration", runs, ({ durationMs }) => tookText(durationMs)),
    ...differing.map(({ name, values }) =>
      row(name, values, (value) => shownValue(value as YamlValue | undefined))
    ),
    ...metrics.map(({ name, values }) =>
      row(
        name,
        values,
        (value) => value === undefined ? "–" : shownNumber(value.last.value),
      )
    ),
  ];
  const hidden = rows.length - MOST_ROWS;
  return [
    ...aligned(rows.slice(0, MOST_ROWS)),
    ...hidden > 0 ? [`and ${hidden} rows that are not shown`] : [],
  ].join("\n");
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const safe = rows.map((row) =>
    row.map((cell) => safeText(cut(cell, LONGEST_CELL)))
  );
  const widths =
    safe[0]?.map((_, at) =>
      Math.max(...safe.map((row) => row[at]?.length ?? 0))
    ) ?? [];
  return safe.map((row) =>
    row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(GAP).trimEnd()
  );
}
