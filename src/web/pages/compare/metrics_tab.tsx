/**
 * What the metrics of the runs came to.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { param, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Segments } from "../../ui/small.tsx";
import { cellText, deltaText, shareText } from "./cells.ts";
import type { Comparison } from "./comparison.ts";
import { directionOf, setDirection } from "./direction_choice.ts";
import type { Direction } from "./metric_direction.ts";
import {
  type MetricRow,
  metricRows,
  type MetricStat,
  statColumn,
  STATS,
} from "./metric_rows.ts";
import { RunGrid } from "./run_grid.tsx";
import { TableTools } from "./table_tools.tsx";
import { useColumns } from "./use_columns.ts";
import type { GridCell, GridRow } from "./virtual_grid.tsx";
import { Waiting } from "./waiting.tsx";

const search = param("q");
const stat = param("stat");

/** Shows the last, least and greatest value of each metric; the best is marked. */
export function MetricsTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { state, table, runs, baseline } = comparison;
  const metrics = state.columns?.metrics;
  const chosen = STATS.find((each) => each === stat.value);
  const stats = useMemo(() => chosen ? [chosen] : STATS, [chosen]);
  const ids = useMemo(
    () =>
      metrics?.flatMap(({ id }) => STATS.map((s) => statColumn(id, s))) ?? [],
    [metrics],
  );
  useColumns(table, ids);
  const wanted = (search.value ?? "").trim().toLowerCase();
  if (metrics === undefined || !ids.every((id) => table.isKnown(id))) {
    return <Waiting state={state} />;
  }
  if (metrics.length === 0) {
    return <div class="empty">{COMPARE.noMetrics()}</div>;
  }
  const rows = metricRows({
    metrics: metrics.filter(({ type, name }) =>
      `${type}/${name}`.toLowerCase().includes(wanted)
    ),
    stats,
    directionOf: (path) => directionOf(path),
    read: (column) => runs.map(({ id }) => table.cell(column, id)),
  });
  const base = baseline && runs.indexOf(baseline);
  return (
    <>
      <TableTools
        toTable={() => [
          [COMPARE.metric(), ...runs.map(({ label }) => label)],
          ...rows.map(({ path, stat, cells }) => [
            `${path} ${COMPARE[stat]()}`,
            ...cells.map((cell) => cell === undefined ? "" : String(cell)),
          ]),
        ]}
      >
        <Segments<MetricStat | "">
          label={COMPARE.statistics()}
          value={chosen ?? ""}
          onChange={(value) => setParams({ stat: value })}
          options={[
            { value: "", text: COMPARE.allStats() },
            ...STATS.map((value) => ({ value, text: COMPARE[value]() })),
          ]}
        />
      </TableTools>
      {rows.length === 0
        ? <div class="empty">{COMPARE.noMatch()}</div>
        : (
          <RunGrid
            label={COMPARE.metrics()}
            corner={COMPARE.metric()}
            runs={runs}
            rows={rows.map((row) => toGridRow(row, stats.length === 1, base))}
          />
        )}
    </>
  );
}

function toGridRow(
  row: MetricRow,
  isSingle: boolean,
  base: number | undefined,
): GridRow {
  const { path, stat, direction, isFirst } = row;
  return {
    key: `${path} ${stat}`,
    ...(isFirst && !isSingle ? { kind: "strong" } : {}),
    head: (
      <>
        {isFirst
          ? (
            <>
              <DirectionButton path={path} direction={direction} />
              <span class="cut user-text" title={path}>{path}</span>
            </>
          )
          : <span class="visually-hidden user-text">{path}</span>}
        <span class="grid-stat">{COMPARE[stat]()}</span>
      </>
    ),
    cell: (column) => toCell(row, column, base),
  };
}

function toCell(
  row: MetricRow,
  column: number,
  base: number | undefined,
): GridCell {
  const cell = row.cells[column];
  if (cell === undefined) {
    const title = row.hasPoints[column]
      ? COMPARE.notFinite()
      : COMPARE.missing();
    return { text: "–", tone: "missing", title };
  }
  const from = base === undefined ? undefined : row.cells[base];
  const share = shareText(cell, from);
  const isBest = row.best.has(column);
  return {
    text: cellText(cell),
    note: deltaText(cell, from),
    title: `${String(cell)}${share === undefined ? "" : ` (${share})`}`,
    ...(isBest ? { tone: "best", spoken: COMPARE.isBest() } : {}),
  };
}

/** Shows whether less or more of a metric is better, and changes it. */
export function DirectionButton(
  { path, direction }: {
    readonly path: string;
    readonly direction: Direction;
  },
): JSX.Element {
  const label = COMPARE.toggleDirection({
    metric: path,
    direction: COMPARE[direction](),
  });
  return (
    <button
      type="button"
      class="direction"
      aria-label={label}
      title={COMPARE[direction]()}
      onClick={() =>
        setDirection(path, direction === "lower" ? "higher" : "lower")}
    >
      {direction === "lower" ? "↓" : "↑"}
    </button>
  );
}
