/**
 * The runs of a board, which can be hidden and shown.
 *
 * @module
 */

import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { CHARTS } from "../text/charts.ts";
import { Button } from "../ui/button.tsx";
import { board, choose } from "./board_state.ts";
import type { ChartedRun } from "./charted_run.ts";

const FEW = 16;

/** Shows the runs. */
export function RunLegend(
  { runs }: { readonly runs: readonly ChartedRun[] },
): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { hidden } = board.value;
  const shown = isOpen ? runs : runs.slice(0, FEW);
  const toggle = (id: string): void => {
    const next = new Set(hidden);
    if (!next.delete(id)) next.add(id);
    choose({ hidden: next });
  };
  return (
    <div class="run-legend" role="group" aria-label={CHARTS.runs()}>
      {shown.map(({ id, name, color }) => (
        <button
          key={id}
          type="button"
          class="run-chip"
          aria-pressed={!hidden.has(id)}
          title={name}
          onClick={() => toggle(id)}
        >
          <span class="run-dot" style={{ background: color }} />
          <span class="cut user-text">{name}</span>
        </button>
      ))}
      {runs.length > FEW && (
        <Button
          kind="quiet"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? CHARTS.showLess() : CHARTS.showMore({ n: runs.length })}
        </Button>
      )}
      {hidden.size > 0
        ? (
          <Button kind="quiet" onClick={() => choose({ hidden: new Set() })}>
            {CHARTS.allRuns()}
          </Button>
        )
        : (
          <Button
            kind="quiet"
            onClick={() =>
              choose({ hidden: new Set(runs.map(({ id }) => id)) })}
          >
            {CHARTS.noRuns()}
          </Button>
        )}
    </div>
  );
}
