/**
 * Runs as the columns of a table.
 *
 * @module
 */

import type { JSX } from "preact";
import { nodeHref } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Icon } from "../../ui/icon.tsx";
import type { ComparedRun } from "./comparison.ts";
import type { GridColumn } from "./virtual_grid.tsx";

/** A column for each run. */
export function runColumns(runs: readonly ComparedRun[]): GridColumn[] {
  return runs.map((run) => ({
    key: run.id,
    isMarked: run.isBaseline,
    head: <RunName run={run} />,
  }));
}

/** Shows the name of a run, in its colour, as a link. */
export function RunName({ run }: { readonly run: ComparedRun }): JSX.Element {
  return (
    <span class="run-name">
      <span class="dot" style={{ background: run.color }} />
      <a
        class="cut user-text"
        href={nodeHref(run.id)}
        title={run.node.path}
      >
        {run.label}
      </a>
      {run.isBaseline && (
        <span class="baseline-mark" title={COMPARE.baseline()}>
          <Icon name="pin" />
          <span class="visually-hidden">{COMPARE.baseline()}</span>
        </span>
      )}
    </span>
  );
}
