/**
 * Where the runs ran, and of what source.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { formatDuration, formatTime } from "../../format/time.ts";
import { COMPARE } from "../../text/compare.ts";
import { type Cell, cellText } from "./cells.ts";
import type { ComparedRun, Comparison } from "./comparison.ts";
import { DiffGrid, type FactGroup } from "./diff_grid.tsx";
import type { Fact } from "./diff_rows.ts";
import { useColumns } from "./use_columns.ts";
import { Waiting } from "./waiting.tsx";

/** Shows what is known of machines and sources, what differs first. */
export function EnvironmentTab(
  { comparison }: { readonly comparison: Comparison },
): JSX.Element {
  const { state, table } = comparison;
  const { columns } = state;
  const ids = useMemo(
    () =>
      [
        ...columns?.platform ?? [],
        ...columns?.git ?? [],
      ].map(({ id }) => id),
    [columns],
  );
  useColumns(table, ids);
  const groups = useMemo((): readonly FactGroup[] => {
    const read = ({ id }: Fact, run: ComparedRun) => table.cell(id, run.id);
    return [
      {
        title: COMPARE.generalGroup(),
        facts: GENERAL.map((id) => ({ id, path: COMPARE[id]() })),
        read: (fact, run) => readGeneral(fact.id as General, run),
        format: formatGeneral,
      },
      {
        title: COMPARE.platformGroup(),
        facts: columns?.platform ?? [],
        read,
      },
      { title: COMPARE.gitGroup(), facts: columns?.git ?? [], read },
    ];
  }, [columns, table, state, COMPARE.generalGroup()]);
  if (columns === undefined || !ids.every((id) => table.isKnown(id))) {
    return <Waiting state={state} />;
  }
  return (
    <DiffGrid comparison={comparison} groups={groups} corner={COMPARE.fact()} />
  );
}

const GENERAL = [
  "status",
  "started",
  "duration",
  "editor",
  "labels",
  "path",
] as const;

type General = typeof GENERAL[number];

function readGeneral(id: General, { node, run }: ComparedRun): Cell {
  switch (id) {
    case "status":
      return run?.status ?? undefined;
    case "started":
      return run?.started ?? undefined;
    case "duration": {
      if (run === null || run.started === null) return undefined;
      const end = run.ended ?? run.arrived;
      return end === null ? undefined : end - run.started;
    }
    case "labels":
      return node.labels.length > 0 ? node.labels.join(", ") : undefined;
    case "editor":
    case "path":
      return node[id];
  }
}

function formatGeneral({ id }: Fact, cell: Cell): string {
  if (typeof cell !== "number") return cellText(cell);
  return id === "started" ? formatTime(cell) : formatDuration(cell);
}
