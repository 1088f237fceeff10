/**
 * The hyperparameters of the runs.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { COMPARE } from "../../text/compare.ts";
import type { Comparison } from "./comparison.ts";
import { DiffGrid } from "./diff_grid.tsx";
import { useColumns } from "./use_columns.ts";
import { Waiting } from "./waiting.tsx";

/** Shows hyperparameters, those that differ first. */
export function HparamsTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { state, table } = comparison;
  const facts = state.columns?.hparams;
  const ids = useMemo(() => facts?.map(({ id }) => id) ?? [], [facts]);
  useColumns(table, ids);
  const groups = useMemo(() => [{
    title: "",
    facts: facts ?? [],
    read: ({ id }: { readonly id: string }, run: { readonly id: string }) =>
      table.cell(id, run.id),
  }], [facts, table, state]);
  if (facts === undefined || !ids.every((id) => table.isKnown(id))) {
    return <Waiting state={state} />;
  }
  if (facts.length === 0) {
    return <div class="empty">{COMPARE.noParams()}</div>;
  }
  return (
    <DiffGrid
      comparison={comparison}
      groups={groups}
      corner={COMPARE.parameter()}
    />
  );
}
