/**
 * The charts of a board in groups.
 *
 * @module
 */

import type { JSX } from "preact";
import { CHARTS } from "../text/charts.ts";
import { Icon } from "../ui/icon.tsx";
import type { BoardContext } from "./board_context.ts";
import { closedGroups, perRow, pinned, toggled } from "./board_state.ts";
import { type ChartInfo, groupCharts } from "./catalogue.ts";
import { ChartCard } from "./chart_card.tsx";

/** Shows charts: those that are pinned first, then group by group. */
export function ChartGroups(
  { charts, context }: {
    readonly charts: readonly ChartInfo[];
    readonly context: BoardContext;
  },
): JSX.Element {
  const pins = pinned.value;
  const top = charts.filter(({ id }) => pins.includes(id));
  const groups = groupCharts(charts.filter(({ id }) => !pins.includes(id)));
  const isAlone = groups.length === 1 && groups[0]?.name === "" &&
    top.length === 0;
  return (
    <>
      {top.length > 0 && (
        <Group
          id="pinned"
          title={CHARTS.pinned()}
          charts={top}
          context={context}
        />
      )}
      {groups.map(({ name, charts }) =>
        isAlone ? <Grid key="" charts={charts} context={context} /> : (
          <Group
            key={name}
            id={`/${name}`}
            title={name || CHARTS.others()}
            charts={charts}
            context={context}
          />
        )
      )}
    </>
  );
}

function Group(
  { id, title, charts, context }: {
    readonly id: string;
    readonly title: string;
    readonly charts: readonly ChartInfo[];
    readonly context: BoardContext;
  },
): JSX.Element {
  const isOpen = !closedGroups.value.includes(id);
  return (
    <section class="chart-group">
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => closedGroups.value = toggled(closedGroups.peek(), id)}
        >
          <Icon name={isOpen ? "down" : "right"} />
          <span class="cut user-text">{title}</span>
          <span class="muted">{CHARTS.openGroup({ n: charts.length })}</span>
        </button>
      </h2>
      {isOpen && <Grid charts={charts} context={context} />}
    </section>
  );
}

function Grid(
  { charts, context }: {
    readonly charts: readonly ChartInfo[];
    readonly context: BoardContext;
  },
): JSX.Element {
  return (
    <div class={`chart-grid per-${perRow.value}`}>
      {charts.map((info) => (
        <ChartCard key={info.id} info={info} context={context} />
      ))}
    </div>
  );
}
