/**
 * Which run is best.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { nodeHref, route, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Segments } from "../../ui/small.tsx";
import { cellText, deltaText } from "./cells.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";
import { directionOf, setDirection } from "./direction_choice.ts";
import type { Direction } from "./metric_direction.ts";
import { type Ranked, rankRuns } from "./ranking.ts";
import { RunName } from "./run_columns.tsx";
import { TableTools } from "./table_tools.tsx";
import { useVariables, type Variables } from "./use_variables.ts";
import { VariableSelect } from "./variable_select.tsx";
import { guessMetric, metricPath } from "./variables.ts";
import { type GridColumn, type GridRow, VirtualGrid } from "./virtual_grid.tsx";
import { Waiting } from "./waiting.tsx";

/** Shows the runs by a metric, the best first. */
export function BestTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const metrics = comparison.state.columns?.metrics;
  const column = route.value.params.get("metric") ??
    guessedColumn(guessMetric(metrics ?? [])?.id);
  const variables = useVariables(comparison, [column]);
  if (variables === undefined) {
    return <Waiting state={comparison.state} />;
  }
  if (column === undefined) {
    return <div class="empty">{COMPARE.noMetrics()}</div>;
  }
  return (
    <Ranking comparison={comparison} variables={variables} column={column} />
  );
}

/** A run is judged by the best that it reached. */
function guessedColumn(last: string | undefined): string | undefined {
  const path = last === undefined ? undefined : metricPath(last);
  if (last === undefined || path === undefined) return undefined;
  const best = directionOf(path) === "lower" ? "min" : "max";
  return last.replace(/\.last$/, `.${best}`);
}

function Ranking(
  { comparison, variables, column }: {
    readonly comparison: Comparison;
    readonly variables: Variables;
    readonly column: string;
  },
): JSX.Element {
  const { runs, table, baseline } = comparison;
  const metric = variables.find(column)?.label ?? column;
  const path = metricPath(column) ?? column;
  const direction = directionOf(path);
  const read = (run: ComparedRun) => table.cell(column, run.id);
  const ranking = rankRuns(runs, read, direction);
  const wanted = (route.value.params.get("q") ?? "").trim().toLowerCase();
  const shown = ranking.filter(({ item }) =>
    item.node.path.toLowerCase().includes(wanted)
  );
  const unranked = ranking.filter(({ rank }) => rank === undefined).length;
  const columns = useMemo((): GridColumn[] => [
    { key: " value", head: <span class="cut user-text">{metric}</span> },
    ...variables.hparams.map(({ id, label }) => ({
      key: id,
      head: <span class="cut user-text" title={label}>{label}</span>,
    })),
  ], [metric, variables.hparams]);
  const from = baseline && read(baseline);
  const rows = shown.map((ranked): GridRow => ({
    key: ranked.item.id,
    ...(ranked.rank === 1 ? { kind: "strong" } : {}),
    head: (
      <>
        <span class="rank numeric">{ranked.rank ?? "–"}</span>
        <RunName run={ranked.item} />
      </>
    ),
    cell: (at) => {
      const variable = variables.hparams[at - 1];
      const cell = variable === undefined
        ? ranked.cell
        : table.cell(variable.id, ranked.item.id);
      return {
        text: cellText(cell),
        note: variable === undefined ? deltaText(cell, from) : undefined,
        title: cell === undefined ? COMPARE.missing() : String(cell),
        tone: cell === undefined
          ? "missing"
          : variable === undefined && ranked.rank === 1
          ? "best"
          : undefined,
      };
    },
  }));
  return (
    <>
      <TableTools
        toTable={() => [
          [
            COMPARE.rank(),
            COMPARE.run(),
            metric,
            ...variables.hparams.map(({ label }) => label),
          ],
          ...shown.map(({ item, rank, cell }) => [
            String(rank ?? ""),
            item.label,
            cell === undefined ? "" : String(cell),
            ...variables.hparams.map(({ id }) =>
              String(table.cell(id, item.id) ?? "")
            ),
          ]),
        ]}
      >
        <VariableSelect
          label={COMPARE.metric()}
          variables={variables}
          value={column}
          filter={({ kind }) => kind !== "hparam"}
          onChange={(id) => setParams({ metric: id })}
        />
        <Segments<Direction>
          label={COMPARE.direction()}
          value={direction}
          onChange={(value) => setDirection(path, value)}
          options={(["lower", "higher"] as const).map((value) => ({
            value,
            text: COMPARE[value](),
          }))}
        />
      </TableTools>
      <Winner
        metric={metric}
        ranked={ranking[0]}
        delta={ranking[0] && deltaText(ranking[0].cell, from)}
      />
      {shown.length > 0
        ? (
          <VirtualGrid
            label={COMPARE.best()}
            corner={COMPARE.run()}
            columns={columns}
            rows={rows}
            columnWidth={140}
          />
        )
        : <div class="empty">{COMPARE.noMatch()}</div>}
      {unranked > 0 && <p class="muted">{COMPARE.unranked({ n: unranked })}</p>}
    </>
  );
}

function Winner(
  { metric, ranked, delta }: {
    readonly metric: string;
    readonly ranked: Ranked<ComparedRun> | undefined;
    readonly delta: string | undefined;
  },
): JSX.Element {
  if (ranked?.rank === undefined) {
    return <p class="notice">{COMPARE.noFinite()}</p>;
  }
  const { item, cell } = ranked;
  return (
    <p class="notice winner">
      <strong>{COMPARE.bestIs()}</strong>
      <span class="dot" style={{ background: item.color }} />
      <a class="user-text" href={nodeHref(item.id)}>{item.label}</a>
      <span class="user-text numeric">{metric} = {cellText(cell)}</span>
      {delta !== undefined && (
        <span class="muted">{COMPARE.against({ delta })}</span>
      )}
    </p>
  );
}
