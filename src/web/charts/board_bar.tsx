/**
 * What can be chosen about all charts.
 *
 * @module
 */

import type { JSX } from "preact";
import type { XAxis } from "../api/types.ts";
import { CHARTS } from "../text/charts.ts";
import { Button } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { Segments } from "../ui/small.tsx";
import {
  board,
  chartHeight,
  choose,
  isTableShown,
  isZoomShared,
  perRow,
  resetZooms,
  zooms,
} from "./board_state.ts";

const AXES: readonly XAxis[] = ["step", "epoch", "time", "relative"];
const HEIGHTS = [["low", 160], ["medium", 240], ["high", 400]] as const;
const ROWS = [["oneARow", 1], ["twoARow", 2], ["threeARow", 3]] as const;

/** Shows what can be chosen. */
export function BoardBar(
  { isSearchBroken }: { readonly isSearchBroken: boolean },
): JSX.Element {
  const { x, search, isApart, isClipped, isLogX, isLogY } = board.value;
  const isZoomed = zooms.value.all !== undefined ||
    zooms.value.single.size > 0;
  return (
    <div class="board-bar" role="toolbar" aria-label={CHARTS.view()}>
      <input
        class="input board-search"
        type="search"
        value={search}
        placeholder={CHARTS.search()}
        aria-label={CHARTS.searchLabel()}
        aria-invalid={isSearchBroken}
        title={isSearchBroken ? CHARTS.searchBroken() : ""}
        onInput={(event) => choose({ search: event.currentTarget.value })}
      />
      <Segments
        label={CHARTS.xAxis()}
        options={AXES.map((value) => ({ value, text: CHARTS[value]() }))}
        value={x}
        onChange={(axis) => choose({ x: axis })}
      />
      <Smoothing />
      <Button
        pressed={isLogY}
        onClick={() => choose({ isLogY: !isLogY })}
      >
        {CHARTS.logY()}
      </Button>
      <Button
        pressed={isApart}
        onClick={() => choose({ isApart: !isApart })}
      >
        {CHARTS.apart()}
      </Button>
      <Button
        icon="reset"
        label={CHARTS.resetZoom()}
        disabled={!isZoomed}
        onClick={resetZooms}
      />
      <Menu
        label={CHARTS.view()}
        quiet={false}
        items={[
          ...ROWS.map(([key, value]) => ({
            label: CHARTS[key](),
            checked: perRow.value === value,
            onSelect: () => perRow.value = value,
          })),
          ...HEIGHTS.map(([key, value], at) => ({
            label: CHARTS[key](),
            checked: chartHeight.value === value,
            separated: at === 0,
            onSelect: () => chartHeight.value = value,
          })),
          {
            label: CHARTS.logX(),
            checked: isLogX,
            separated: true,
            disabled: x === "time",
            onSelect: () => choose({ isLogX: !isLogX }),
          },
          {
            label: CHARTS.clip(),
            checked: isClipped,
            onSelect: () => choose({ isClipped: !isClipped }),
          },
          {
            label: CHARTS.sharedZoom(),
            checked: isZoomShared.value,
            onSelect: () => isZoomShared.value = !isZoomShared.peek(),
          },
          {
            label: CHARTS.table(),
            checked: isTableShown.value,
            onSelect: () => isTableShown.value = !isTableShown.peek(),
          },
        ]}
      >
        {CHARTS.view()}
      </Menu>
    </div>
  );
}

function Smoothing(): JSX.Element {
  const { smoothing } = board.value;
  return (
    <label class="board-smoothing">
      <span>{CHARTS.smoothing()}</span>
      <input
        type="range"
        min="0"
        max="0.99"
        step="0.01"
        value={smoothing}
        onInput={(event) =>
          choose({ smoothing: Number(event.currentTarget.value) })}
      />
      <output class="numeric">{smoothing.toFixed(2)}</output>
    </label>
  );
}
