/**
 * Facts of runs beside each other, those that differ first.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo } from "preact/hooks";
import { param, setParams } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { Button } from "../../ui/button.tsx";
import { type Cell, cellText, deltaText, shareText } from "./cells.ts";
import type { Comparison } from "./comparison.ts";
import {
  type Diff,
  type DiffRow,
  diffRows,
  type Fact,
  searchRows,
} from "./diff_rows.ts";
import { RunGrid } from "./run_grid.tsx";
import { TableTools } from "./table_tools.tsx";
import type { TextTable } from "./table_text.ts";
import type { GridCell, GridRow } from "./virtual_grid.tsx";

/** Facts that belong together. */
export interface FactGroup {
  /** What they are called; `""` where there is one group only. */
  readonly title: string;
  readonly facts: readonly Fact[];
  /** What a run has of a fact. */
  readonly read: (fact: Fact, run: Comparison["runs"][number]) => Cell;
  /** How a value is shown. Default: as it is, with the difference to the baseline's. */
  readonly format?: (fact: Fact, cell: Cell) => string;
}

const search = param("q");
const showsEqual = param("same");

/** A group, compared. */
interface DiffGroup extends FactGroup, Diff {}

/** Shows facts. */
export function DiffGrid(
  { comparison, groups, corner }: {
    readonly comparison: Comparison;
    readonly groups: readonly FactGroup[];
    readonly corner: string;
  },
): JSX.Element {
  const { runs } = comparison;
  const wanted = search.value ?? "";
  const isOpen = showsEqual.value === "1";
  const diffs = useMemo(
    () =>
      groups.map((group): DiffGroup => {
        const { different, equal } = diffRows(
          group.facts,
          (fact) => runs.map((run) => group.read(fact, run)),
        );
        return {
          ...group,
          different: searchRows(different, wanted),
          equal: searchRows(equal, wanted),
        };
      }),
    [groups, runs, wanted],
  );
  const sum = (of: (diff: DiffGroup) => number): number =>
    diffs.reduce((total, diff) => total + of(diff), 0);
  const different = sum((diff) => diff.different.length);
  const equal = sum((diff) => diff.equal.length);
  const shown = diffs.map((diff) => ({
    ...diff,
    rows: [...diff.different, ...isOpen ? diff.equal : []],
  })).filter(({ rows }) => rows.length > 0);
  const rows = shown.flatMap((group) => toRows(group, comparison));

  return (
    <>
      <TableTools
        toTable={() => toTextTable(comparison, corner, shown)}
      >
        <span class="muted numeric" role="status">
          {COMPARE.differing({ n: different })} · {COMPARE.equal({ n: equal })}
        </span>
        {equal > 0 && (
          <Button
            pressed={isOpen}
            onClick={() => setParams({ same: isOpen ? "" : "1" })}
          >
            {isOpen ? COMPARE.hideEqual() : COMPARE.showEqual({ n: equal })}
          </Button>
        )}
      </TableTools>
      {rows.length === 0
        ? (
          <div class="empty">
            {equal > 0 ? COMPARE.allEqual() : COMPARE.noMatch()}
          </div>
        )
        : (
          <RunGrid
            label={corner}
            corner={corner}
            runs={runs}
            rows={rows}
          />
        )}
    </>
  );
}

function toRows(
  group: DiffGroup & { readonly rows: readonly DiffRow[] },
  { runs, baseline }: Comparison,
): GridRow[] {
  const base = baseline && runs.indexOf(baseline);
  const rows = group.rows.map((row): GridRow => ({
    key: row.id,
    head: <span class="cut user-text" title={row.path}>{row.path}</span>,
    ...(row.isDifferent ? { kind: "differs" } : {}),
    cell: (column) => toCell(group, row, column, base),
  }));
  if (group.title === "") return rows;
  const title: GridRow = {
    key: ` ${group.title}`,
    kind: "section",
    head: group.title,
    cell: () => ({ text: "" }),
  };
  return [title, ...rows];
}

function toCell(
  { format }: FactGroup,
  row: DiffRow,
  column: number,
  base: number | undefined,
): GridCell {
  const cell = row.cells[column];
  const from = base === undefined ? undefined : row.cells[base];
  const changed = base !== undefined && cell !== from ? "changed" : "";
  if (cell === undefined) {
    return {
      text: "–",
      tone: `missing ${changed}`,
      title: COMPARE.missing(),
    };
  }
  const text = format?.(row, cell) ?? cellText(cell);
  const share = shareText(cell, from);
  return {
    text,
    tone: `${cell === null ? "null" : ""} ${changed}`,
    ...(format === undefined
      ? {
        note: deltaText(cell, from),
        title: `${String(cell)}${share === undefined ? "" : ` (${share})`}`,
      }
      : {}),
  };
}

function toTextTable(
  { runs }: Comparison,
  corner: string,
  groups: readonly (DiffGroup & { readonly rows: readonly DiffRow[] })[],
): TextTable {
  return [
    [corner, ...runs.map(({ label }) => label)],
    ...groups.flatMap(({ title, rows, format }) =>
      rows.map((row) => [
        title === "" ? row.path : `${title}: ${row.path}`,
        ...row.cells.map((cell) =>
          cell === undefined ? "" : format?.(row, cell) ?? String(cell)
        ),
      ])
    ),
  ];
}
