/**
 * The curves of the runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { MetricBoard } from "../../charts/metric_board.tsx";
import { runState } from "../../ui/status.tsx";
import type { Comparison } from "./comparison.ts";

/** Shows a chart for each metric, with a curve for each run. */
export function CurvesTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { runs } = comparison;
  const wanted = runs.map(({ id, label, color, run }) => ({
    id,
    name: label,
    color,
    isLive: ["running", "silent"].includes(runState(run)),
  }));
  // What is only younger is no other list for the charts.
  const key = JSON.stringify(wanted);
  const charted = useMemo(() => wanted, [key]);
  return <MetricBoard runs={charted} />;
}
