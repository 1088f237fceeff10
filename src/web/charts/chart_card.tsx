/**
 * A chart with its title and what can be done with it.
 *
 * @module
 */

import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { CHARTS } from "../text/charts.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import type { BoardContext } from "./board_context.ts";
import {
  board,
  chartHeight,
  choose,
  pinned,
  setZoom,
  toggled,
  zoomOf,
} from "./board_state.ts";
import type { ChartInfo } from "./catalogue.ts";
import { ChartView } from "./chart_view.tsx";
import type { ChartFiles } from "./chart_files.ts";
import { useSeen } from "./use_size.ts";

/** Which chart. */
export interface ChartCardProps {
  readonly info: ChartInfo;
  readonly context: BoardContext;
  /** Whether it is shown over the page. */
  readonly isLarge?: boolean;
}

/** Shows a chart; one that cannot be seen is a place for it only. */
export function ChartCard(
  { info, context, isLarge = false }: ChartCardProps,
): JSX.Element {
  const card = useRef<HTMLElement>(null);
  const files = useRef<ChartFiles>(null);
  const isSeen = useSeen(card);
  const height = isLarge
    ? Math.max(240, Math.round(innerHeight * 0.66))
    : chartHeight.value;
  const isPinned = pinned.value.includes(info.id);
  const isZoomed = zoomOf(info.id) !== undefined;
  return (
    <section ref={card} class="card chart" aria-label={info.id}>
      <header>
        <h3 class="cut user-text" title={info.id}>{info.id}</h3>
        {isZoomed && (
          <Button
            kind="quiet"
            icon="reset"
            label={CHARTS.resetZoom()}
            onClick={() => setZoom(info.id, undefined)}
          />
        )}
        {!isLarge && (
          <Button
            kind="quiet"
            icon="expand"
            label={CHARTS.expand()}
            onClick={() => choose({ chart: info.id })}
          />
        )}
        <Menu
          label={CHARTS.more()}
          items={[
            {
              label: isPinned ? CHARTS.unpin() : CHARTS.pin(),
              icon: "pin",
              onSelect: () => pinned.value = toggled(pinned.peek(), info.id),
            },
            {
              label: CHARTS.png(),
              icon: "download",
              separated: true,
              disabled: !isSeen,
              onSelect: () => files.current?.png(),
            },
            {
              label: CHARTS.svg(),
              icon: "download",
              disabled: !isSeen,
              onSelect: () => files.current?.svg(),
            },
            {
              label: CHARTS.csv(),
              icon: "download",
              disabled: !isSeen,
              onSelect: () => files.current?.csv(),
            },
          ]}
        />
      </header>
      {isSeen
        ? (
          <ChartView
            id={isLarge ? `${info.id}\0large` : info.id}
            info={info}
            context={context}
            height={height}
            params={board.value}
            files={files}
          />
        )
        : (
          <div
            class="chart-place"
            style={{ height: `${height + LEGEND_PX}px` }}
          />
        )}
    </section>
  );
}

const LEGEND_PX = 22;
