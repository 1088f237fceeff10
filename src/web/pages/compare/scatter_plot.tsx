/**
 * The drawing of a scatter plot.
 *
 * @module
 */

import type { JSX, TargetedPointerEvent } from "preact";
import { useRef, useState } from "preact/hooks";
import { go, nodeHref } from "../../state/route.ts";
import { COMPARE } from "../../text/compare.ts";
import { type Cell, cellText } from "./cells.ts";
import type { ComparedRun } from "./comparison.ts";
import type { Scale } from "./scale.ts";
import {
  nearestPoint,
  type PlacedPoint,
  placePoints,
  xAt,
  yAt,
} from "./scatter_layout.ts";
import { useWidth } from "./use_width.ts";

/** An axis. */
export interface ScatterAxis {
  readonly label: string;
  /** In the order of the runs. */
  readonly cells: readonly Cell[];
  readonly scale: Scale;
}

/** What is drawn. */
export interface ScatterPlotProps {
  readonly runs: readonly ComparedRun[];
  readonly x: ScatterAxis;
  readonly y: ScatterAxis;
  readonly colors: readonly (string | undefined)[];
  /** What the colours say. */
  readonly third?: {
    readonly label: string;
    readonly texts: readonly string[];
  };
}

const HEIGHT = 420;
const NEAR_PX = 24;
const MOST_TICKS = 16;

/** Draws the points; each leads to its run. Arrow keys go from one to the next. */
export function ScatterPlot(props: ScatterPlotProps): JSX.Element {
  const { runs, x, y, colors, third } = props;
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const area = { left: 72, right: width - 24, top: 16, bottom: HEIGHT - 52 };
  const points = placePoints(x, y, area);
  const [pointed, setPointed] = useState<number>();
  const shown = points.find(({ index }) => index === pointed);

  const find = (event: TargetedPointerEvent<SVGSVGElement>) => {
    const { left, top } = event.currentTarget.getBoundingClientRect();
    return nearestPoint(
      points,
      event.clientX - left,
      event.clientY - top,
      NEAR_PX,
    );
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    const at = points.findIndex(({ index }) => index === pointed);
    const next = points[Math.max(0, Math.min(points.length - 1, at + by))];
    box.current?.querySelector<SVGAElement>(`[data-run="${next?.index}"]`)
      ?.focus();
  };
  return (
    <div class="scatter card" ref={box}>
      <svg
        width={width}
        height={HEIGHT}
        role="group"
        aria-label={COMPARE.plot({ x: x.label, y: y.label })}
        onPointerMove={(event) => setPointed(find(event)?.index)}
        onPointerLeave={() => setPointed(undefined)}
        onClick={(event) => {
          // A point is a link itself; next to one is as good.
          const run = runs[shown?.index ?? -1];
          if (run !== undefined && event.target === event.currentTarget) {
            go(nodeHref(run.id));
          }
        }}
        onKeyDown={onKeyDown}
      >
        <Axes x={x} y={y} area={area} width={width} />
        {points.map((point, i) => (
          <Point
            key={runs[point.index]?.id}
            point={point}
            run={runs[point.index]}
            color={colors[point.index]}
            isFirst={shown === undefined ? i === 0 : shown === point}
            isPointed={shown === point}
            label={describe(props, point.index)}
            onFocus={() => setPointed(point.index)}
          />
        ))}
      </svg>
      {shown && (
        <div
          class="scatter-tip"
          aria-hidden="true"
          style={{
            left: `${Math.max(8, Math.min(shown.x + 14, width - 240))}px`,
            top: `${shown.y > HEIGHT / 2 ? shown.y - 92 : shown.y + 14}px`,
          }}
        >
          <strong class="cut user-text">{runs[shown.index]?.label}</strong>
          <span class="cut user-text">
            {x.label} = {cellText(x.cells[shown.index])}
          </span>
          <span class="cut user-text">
            {y.label} = {cellText(y.cells[shown.index])}
          </span>
          {third && (
            <span class="cut user-text">
              {third.label} = {third.texts[shown.index]}
            </span>
          )}
        </div>
      )}
    </div>
  );
}

function describe({ runs, x, y }: ScatterPlotProps, index: number): string {
  return `${runs[index]?.label}: ${x.label} = ${
    cellText(x.cells[index])
  }, ${y.label} = ${cellText(y.cells[index])}`;
}

function Point(
  { point, run, color, isFirst, isPointed, label, onFocus }: {
    readonly point: PlacedPoint;
    readonly run: ComparedRun | undefined;
    readonly color: string | undefined;
    readonly isFirst: boolean;
    readonly isPointed: boolean;
    readonly label: string;
    readonly onFocus: () => void;
  },
): JSX.Element {
  return (
    <a
      href={nodeHref(run?.id ?? "")}
      aria-label={label}
      tabIndex={isFirst ? 0 : -1}
      data-run={point.index}
      onFocus={onFocus}
    >
      <circle
        cx={point.x}
        cy={point.y}
        r={isPointed ? 8 : 5.5}
        class={`${isPointed ? "pointed" : ""} ${
          color === undefined ? "plain" : ""
        } ${run?.isBaseline ? "base" : ""}`}
        fill={color}
      />
    </a>
  );
}

function Axes(
  { x, y, area, width }: {
    readonly x: ScatterAxis;
    readonly y: ScatterAxis;
    readonly area: Parameters<typeof xAt>[0];
    readonly width: number;
  },
): JSX.Element {
  const across = x.scale.ticks;
  const room = Math.max(2, Math.floor((area.right - area.left) / 72));
  const everyX = Math.ceil(across.length / room);
  const everyY = Math.ceil(y.scale.ticks.length / MOST_TICKS);
  return (
    <g class="scatter-axes" aria-hidden="true">
      {across.filter((_, i) => i % everyX === 0).map(({ at, text }) => (
        <g key={`${at}`}>
          <line
            x1={xAt(area, at)}
            x2={xAt(area, at)}
            y1={area.top}
            y2={area.bottom}
          />
          <text x={xAt(area, at)} y={area.bottom + 18} text-anchor="middle">
            {cut(text, 11)}
          </text>
        </g>
      ))}
      {y.scale.ticks.filter((_, i) => i % everyY === 0).map(({ at, text }) => (
        <g key={`${at}`}>
          <line
            x1={area.left}
            x2={area.right}
            y1={yAt(area, at)}
            y2={yAt(area, at)}
          />
          <text x={area.left - 8} y={yAt(area, at) + 4} text-anchor="end">
            {cut(text, 9)}
          </text>
        </g>
      ))}
      <text
        class="axis-label"
        x={(area.left + area.right) / 2}
        y={area.bottom + 40}
        text-anchor="middle"
      >
        {cut(x.label, Math.floor(width / 9))}
      </text>
      <text
        class="axis-label"
        transform={`translate(16 ${(area.top + area.bottom) / 2}) rotate(-90)`}
        text-anchor="middle"
      >
        {cut(y.label, 40)}
      </text>
    </g>
  );
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
}
