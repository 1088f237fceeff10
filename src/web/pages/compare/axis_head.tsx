/**
 * The name of an axis, by which it is moved and changed.
 *
 * @module
 */

import type { JSX } from "preact";
import { useRef, useState } from "preact/hooks";
import { COMPARE } from "../../text/compare.ts";
import { Menu, type MenuItem } from "../../ui/menu.tsx";
import type { Brush } from "./brush.ts";
import { moveRun } from "./compare_view.ts";
import type { PlotAxis } from "./plot_axis.ts";
import { chooseScale } from "./scale_choice.ts";

/** An axis and what can be done with it. */
export interface AxisHeadProps {
  readonly axis: PlotAxis;
  readonly x: number;
  /** How wide it may be. */
  readonly width: number;
  /** Which one it is, from 0. */
  readonly place: number;
  readonly ids: readonly string[];
  /** The place of an axis that is dropped at some x. */
  readonly onDrop: (x: number) => number;
  readonly onBrush: (axis: string, brush: Brush | undefined) => void;
  readonly onOrder: (axes: readonly string[]) => void;
}

/** Less is a click. */
const LEAST_PX = 6;

/** Shows the name. */
export function AxisHead(props: AxisHeadProps): JSX.Element {
  const { axis, x, width, place, ids, onOrder } = props;
  const start = useRef<number | undefined>(undefined);
  const [by, setBy] = useState(0);
  const isDragged = useRef(false);
  const move = (places: number): void => onOrder(moveRun(ids, axis.id, places));
  return (
    <div
      class={`axis-head ${by === 0 ? "" : "dragged"}`}
      style={{ left: `${x + by}px`, maxWidth: `${width}px` }}
      title={axis.label}
      onPointerDown={(event) => {
        start.current = event.clientX;
        isDragged.current = false;
      }}
      onPointerMove={(event) => {
        if (start.current === undefined) return;
        const moved = event.clientX - start.current;
        if (!isDragged.current && Math.abs(moved) < LEAST_PX) return;
        isDragged.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
        setBy(moved);
      }}
      onPointerUp={(event) => {
        if (isDragged.current && start.current !== undefined) {
          move(props.onDrop(x + event.clientX - start.current) - place);
        }
        start.current = undefined;
        setBy(0);
      }}
      onPointerCancel={() => {
        start.current = undefined;
        setBy(0);
      }}
      onClickCapture={(event) => {
        if (!isDragged.current) return;
        isDragged.current = false;
        event.stopPropagation();
      }}
    >
      <Menu
        label={COMPARE.axisMenu({ name: axis.label })}
        items={actions(props, move)}
      >
        <span class="cut user-text">{axis.label}</span>
      </Menu>
    </div>
  );
}

function actions(
  { axis, place, ids, onBrush, onOrder }: AxisHeadProps,
  move: (places: number) => void,
): readonly MenuItem[] {
  const { id, scale, brush } = axis;
  const scales: readonly MenuItem[] = scale.kind === "category" ? [] : [
    {
      label: COMPARE.linearScale(),
      checked: scale.kind === "linear",
      onSelect: () => chooseScale(id, "linear"),
    },
    {
      label: COMPARE.logScale(),
      checked: scale.kind === "log",
      disabled: !scale.canBeLog,
      onSelect: () => chooseScale(id, "log"),
    },
  ];
  return [
    ...scales,
    {
      label: COMPARE.earlier(),
      disabled: place === 0,
      separated: scales.length > 0,
      onSelect: () => move(-1),
    },
    {
      label: COMPARE.later(),
      disabled: place === ids.length - 1,
      onSelect: () => move(1),
    },
    {
      label: COMPARE.clearRange(),
      disabled: brush === undefined,
      separated: true,
      onSelect: () => onBrush(id, undefined),
    },
    {
      label: COMPARE.removeAxis(),
      icon: "close",
      onSelect: () => onOrder(ids.filter((other) => other !== id)),
    },
  ];
}
