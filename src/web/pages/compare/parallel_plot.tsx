/**
 * The drawing of parallel coordinates.
 *
 * @module
 */

import type { JSX } from "preact";
import { useMemo, useRef } from "preact/hooks";
import { go, nodeHref } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { AxisHead } from "./axis_head.tsx";
import { type Brush, brushBetween, brushPlaces } from "./brush.ts";
import { cellText } from "./cells.ts";
import type { ComparedRun } from "./comparison.ts";
import {
  dropIndex,
  headWidth,
  leastWidth,
  linePath,
  placeAxes,
  type PlacedAxis,
} from "./parallel_layout.ts";
import type { PlotAxis } from "./plot_axis.ts";
import { useAxisDrag } from "./use_axis_drag.ts";
import { useWidth } from "./use_width.ts";

/** What is drawn. */
export interface ParallelPlotProps {
  readonly runs: readonly ComparedRun[];
  readonly axes: readonly PlotAxis[];
  readonly colors: readonly (string | undefined)[];
  readonly isMatch: readonly boolean[];
  /** The run that stands out. */
  readonly pointed: string | undefined;
  readonly onPoint: (id: string | undefined) => void;
  readonly onBrush: (axis: string, brush: Brush | undefined) => void;
  /** Axes were moved, or taken away. */
  readonly onOrder: (axes: readonly string[]) => void;
}

const HEIGHT = 380;
const HIT_WIDTH = 28;
/** Ticks of an axis with more categories would stand on each other. */
const MOST_TICKS = 18;

/** Draws axes and lines. */
export function ParallelPlot(props: ParallelPlotProps): JSX.Element {
  const { runs, axes, colors, isMatch, pointed, onPoint } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = Math.max(useWidth(box), leastWidth(axes.length));
  const placed = placeAxes(axes, { width, height: HEIGHT });
  const layout = JSON.stringify(placed.map(({ x, bottom }) => [x, bottom]));
  const paths = useMemo(
    () =>
      runs.map((_, i) => linePath(placed, axes.map(({ cells }) => cells[i]))),
    [
      runs,
      layout,
      JSON.stringify(axes.map(({ scale, cells }) => [scale.kind, cells])),
    ],
  );
  const ids = axes.map(({ id }) => id);
  const order = runs.map((_, i) => i)
    .sort((a, b) => Number(isMatch[a]) - Number(isMatch[b]));
  const at = runs.findIndex(({ id }) => id === pointed);
  const lineClass = (i: number): string =>
    `line ${isMatch[i] ? "" : "out"} ${colors[i] === undefined ? "plain" : ""}`;
  return (
    <div class="parallel card" ref={box}>
      <div class="parallel-heads" style={{ width: `${width}px` }}>
        {axes.map((axis, i) => (
          <AxisHead
            key={axis.id}
            axis={axis}
            x={placed[i]?.x ?? 0}
            width={headWidth(placed)}
            place={i}
            ids={ids}
            onDrop={(x) => dropIndex(placed, x)}
            onBrush={props.onBrush}
            onOrder={props.onOrder}
          />
        ))}
      </div>
      <svg
        width={width}
        height={HEIGHT}
        role="img"
        aria-label={COMPARE.parallel()}
        onPointerLeave={() => onPoint(undefined)}
      >
        <g class="lines">
          {order.map((i) => (
            <path
              key={runs[i]?.id}
              d={paths[i]}
              class={lineClass(i)}
              stroke={colors[i]}
            />
          ))}
        </g>
        <g class="hits">
          {order.filter((i) => isMatch[i]).map((i) => (
            <path
              key={runs[i]?.id}
              d={paths[i]}
              onPointerEnter={() => onPoint(runs[i]?.id)}
              onClick={() => go(nodeHref(runs[i]?.id ?? ""))}
            />
          ))}
        </g>
        {at >= 0 && (
          <path d={paths[at]} class="line pointed" stroke={colors[at]} />
        )}
        {axes.map((axis, i) => {
          const place = placed[i];
          return place && (
            <Axis
              key={axis.id}
              axis={axis}
              place={place}
              onBrush={props.onBrush}
            />
          );
        })}
      </svg>
      {at >= 0 && (
        <div class="parallel-tip" aria-hidden="true">
          <strong class="cut user-text">{runs[at]?.label}</strong>
          {axes.map(({ id, label, cells }) => (
            <span key={id} class="cut user-text">
              {label} = {cellText(cells[at])}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

function Axis(
  { axis, place, onBrush }: {
    readonly axis: PlotAxis;
    readonly place: PlacedAxis;
    readonly onBrush: ParallelPlotProps["onBrush"];
  },
): JSX.Element {
  const { scale, brush } = axis;
  const { x, yAt, atY, odd, bottom } = place;
  const drag = useAxisDrag({
    atY,
    onEnd: (from, to) =>
      onBrush(
        axis.id,
        from === to ? undefined : brushBetween(scale, from, to),
      ),
  });
  const ranges = drag.range !== undefined
    ? [drag.range]
    : brush === undefined
    ? []
    : brushPlaces(scale, brush);
  const every = Math.ceil(scale.ticks.length / MOST_TICKS);
  return (
    <g class="axis">
      <line x1={x} x2={x} y1={yAt(1)} y2={bottom} />
      {ranges.map(([from, to]) => (
        <rect
          key={`${from} ${to}`}
          class="brushed"
          x={x - 7}
          width={14}
          y={yAt(to)}
          height={Math.max(2, yAt(from) - yAt(to))}
        />
      ))}
      {scale.ticks.filter((_, i) => i % every === 0).map(({ at, text }) => (
        <text key={`${at}`} x={x + 7} y={yAt(at)} class="user-text">
          {cut(text)}
        </text>
      ))}
      {odd.map(({ text, y }) => (
        <g key={text}>
          <circle cx={x} cy={y} r={2} />
          <text x={x + 7} y={y} class="odd">{cut(text)}</text>
        </g>
      ))}
      <rect
        class="axis-hit"
        x={x - HIT_WIDTH / 2}
        width={HIT_WIDTH}
        y={0}
        height={bottom + 6}
        data-axis={axis.id}
        {...drag.handlers}
      />
    </g>
  );
}

function cut(text: string): string {
  return text.length > 14 ? `${text.slice(0, 13)}…` : text;
}
