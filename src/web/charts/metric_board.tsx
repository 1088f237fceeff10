/**
 * The curves of runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { CHARTS } from "../text/charts.ts";
import { Button } from "../ui/button.tsx";
import { Failure, Skeleton } from "../ui/small.tsx";
import { BoardBar } from "./board_bar.tsx";
import { BoardScope } from "./board_context.ts";
import { BoardProblems } from "./board_problems.tsx";
import { board, choose } from "./board_state.ts";
import {
  type ChartInfo,
  indexResumed,
  indexSeries,
  listCharts,
  parseSearch,
} from "./catalogue.ts";
import type { ChartedRun } from "./charted_run.ts";
import { ChartGroups } from "./chart_groups.tsx";
import { LargeChart } from "./large_chart.tsx";
import { Smoother } from "./line.ts";
import { sortTypes } from "./metric_type.ts";
import { RunLegend } from "./run_legend.tsx";
import { useBoard } from "./use_board.ts";

export type { ChartedRun } from "./charted_run.ts";

/**
 * Shows a chart for each metric of the runs, with what there is to choose about them. Of several runs a legend shows and hides
 * each, unless `hasLegend` is false because the page has one.
 */
export function MetricBoard(
  { runs, hasLegend = runs.length > 1 }: {
    readonly runs: readonly ChartedRun[];
    readonly hasLegend?: boolean;
  },
): JSX.Element {
  const { hub, store, version } = useBoard(runs);
  const { isApart, search, hidden, chart } = board.value;
  const smoother = useMemo(() => new Smoother(), []);
  const look = runs.map((run) => JSON.stringify(run)).join();
  const context = useMemo(() => {
    const known = [...store.runs.values()];
    return {
      hub,
      runs: runs.filter(({ id }) => !hidden.has(id)),
      isSingle: runs.length === 1,
      types: sortTypes(
        known.flatMap(({ series }) => series.map(({ type }) => type)),
      ),
      series: indexSeries(known),
      resumed: indexResumed(known),
      smoother,
    };
  }, [hub, store, version, look, hidden]);
  const charts = useSame(useMemo(
    () => listCharts(store.runs.values(), isApart),
    [store, version, isApart],
  ));
  const found = useMemo(() => parseSearch(search), [search]);
  const shown = useMemo(
    () => charts.filter(({ id }) => found.test(id)),
    [charts, found],
  );
  const groups = useMemo(() => <ChartGroups charts={shown} />, [shown]);
  const large = charts.find(({ id }) => id === chart);
  if (store.error !== undefined && charts.length === 0) {
    return <Failure error={store.error} retry={() => store.retry()} />;
  }
  if (charts.length === 0) {
    return store.isLoading || version === 0 && runs.length > 0
      ? <Skeleton lines={6} />
      : (
        <>
          <BoardProblems runs={runs} known={store.runs} />
          <Empty isLive={runs.some(({ isLive }) => isLive)} />
        </>
      );
  }
  return (
    <BoardScope.Provider value={context}>
      <div class="board">
        <BoardBar isSearchBroken={found.isBroken} />
        {hasLegend && <RunLegend runs={runs} />}
        <BoardProblems runs={runs} known={store.runs} />
        {store.error && (
          <Failure
            error={store.error}
            retry={() => store.retry()}
          />
        )}
        {shown.length === 0
          ? (
            <div class="empty">
              <p>{CHARTS.noneFound()}</p>
              <Button onClick={() => choose({ search: "" })}>
                {CHARTS.clearSearch()}
              </Button>
            </div>
          )
          : groups}
        {large && <LargeChart key={large.id} info={large} />}
      </div>
    </BoardScope.Provider>
  );
}

/** The same list as before, as long as it holds the same charts. */
function useSame(charts: readonly ChartInfo[]): readonly ChartInfo[] {
  const known = useRef(charts);
  const key = (list: readonly ChartInfo[]): string => JSON.stringify(list);
  if (known.current !== charts && key(known.current) !== key(charts)) {
    known.current = charts;
  }
  return known.current;
}

function Empty({ isLive }: { readonly isLive: boolean }): JSX.Element {
  return (
    <div class="empty">
      <h2>{CHARTS.noMetrics()}</h2>
      <p>{isLive ? CHARTS.waiting() : CHARTS.neverLogged()}</p>
    </div>
  );
}
