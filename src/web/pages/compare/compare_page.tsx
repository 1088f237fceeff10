/**
 * The comparison of runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { route, setParams } from "../../state/route.ts";
import { formatRoute } from "../../state/route_text.ts";
import { COMPARE } from "../../text/compare.ts";
import { Button } from "../../ui/button.tsx";
import { Failure, Skeleton, Tabs } from "../../ui/small.tsx";
import { BestTab } from "./best_tab.tsx";
import { CompareHead } from "./compare_head.tsx";
import type { Comparison } from "./comparison.ts";
import { CurvesTab } from "./curves_tab.tsx";
import { EnvironmentTab } from "./environment_tab.tsx";
import { HparamsTab } from "./hparams_tab.tsx";
import { MetricsTab } from "./metrics_tab.tsx";
import { ParallelTab } from "./parallel_tab.tsx";
import { ScatterTab } from "./scatter_tab.tsx";
import { useComparison } from "./use_comparison.ts";

/** The parts of the page in order. */
const TABS = [
  ["curves", CurvesTab],
  ["params", HparamsTab],
  ["env", EnvironmentTab],
  ["metrics", MetricsTab],
  ["parallel", ParallelTab],
  ["scatter", ScatterTab],
  ["best", BestTab],
] as const;

/** Shows the runs that the address names, beside each other. */
export function ComparePage(): JSX.Element {
  const comparison = useComparison();
  const { view, state, all } = comparison;
  const title = COMPARE.title();
  useEffect(() => {
    document.title = `${title} · em`;
  }, [title]);
  return (
    <div class="page compare">
      <CompareHead comparison={comparison} />
      {state.error && (
        <Failure
          error={state.error}
          retry={() => comparison.table.refresh({ all: true })}
        />
      )}
      {view.ids.length === 0
        ? (
          <div class="empty">
            <h2>{COMPARE.noRuns()}</h2>
            <p>{COMPARE.noRunsHint()}</p>
          </div>
        )
        : all.length > 0
        ? <Parts comparison={comparison} />
        : state.isLoading && <Skeleton lines={8} />}
    </div>
  );
}

function Parts(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const current = route.value;
  const [id, Part] = TABS.find(([id]) => id === current.tab) ?? TABS[0];
  return (
    <>
      <Tabs
        current={id}
        tabs={TABS.map(([tab]) => ({
          id: tab,
          text: COMPARE[tab](),
          href: formatRoute({ ...current, tab: tab === "curves" ? "" : tab }),
        }))}
      />
      {comparison.runs.length === 0
        ? (
          <div class="empty">
            <h2>{COMPARE.allHidden()}</h2>
            <Button onClick={() => setParams({ hide: "" })}>
              {COMPARE.showAll()}
            </Button>
          </div>
        )
        : <Part comparison={comparison} />}
    </>
  );
}
