/**
 * The plot of a chart in the page: drawn, pointed at and moved in by keys.
 *
 * @module
 */

import { effect } from "@preact/signals";
import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isDark } from "../state/theme.ts";
import { CHARTS } from "../text/charts.ts";
import { cursor, setZoom } from "./board_state.ts";
import { moveCursor, readChart, showCursor } from "./chart_cursor.ts";
import type { ChartModel } from "./chart_model.ts";
import { ChartTip } from "./chart_tip.tsx";
import { valueAt } from "./line.ts";
import { nearestRow } from "./nearest.ts";
import { Plot } from "./plot.ts";
import { pageColors } from "./page_colors.ts";
import { formatX } from "./ticks.ts";
import { formatValue } from "./unit.ts";
import { zoomAround } from "./zoom.ts";

/** What is drawn. */
export interface ChartPlotProps {
  readonly id: string;
  /** What the chart is called. */
  readonly name: string;
  /** What it shows, in sentences. */
  readonly summary: string;
  readonly model: ChartModel;
  readonly width: number;
  readonly height: number;
  readonly isSingle: boolean;
  /** Where the plot is put for whoever saves it as a file. */
  readonly plot: { current: Plot | null };
}

/** Shows a plot. */
export function ChartPlot(props: ChartPlotProps): JSX.Element {
  const { id, model, width, height, plot, isSingle } = props;
  const host = useRef<HTMLDivElement>(null);
  const latest = useRef(props);
  latest.current = props;
  usePlot(host, latest, [model, width, height, isDark.value]);
  useEffect(() =>
    effect(() => {
      const at = cursor.value;
      if (plot.current === null) return;
      const { model } = latest.current;
      const isSource = at?.chart === id;
      showCursor(model, plot.current, { cursor: at, isSource });
    }), [id]);
  return (
    <>
      <Keys {...props}>
        <div ref={host} class="chart-host" />
      </Keys>
      <Tip id={id} model={model} plot={plot} isSingle={isSingle} />
    </>
  );
}

/** Makes the plot, and keeps it as it should be. */
function usePlot(
  host: RefObject<HTMLDivElement | null>,
  latest: { readonly current: ChartPlotProps },
  inputs: readonly unknown[],
): void {
  useLayoutEffect(() => {
    const { id, model, width, height, plot } = latest.current;
    if (host.current === null || width === 0) return;
    if (plot.current !== null && !plot.current.fits(model)) {
      plot.current.close();
      plot.current = null;
    }
    if (plot.current === null) {
      plot.current = new Plot(host.current, model, {
        width,
        height,
        colors: pageColors,
        onPoint: (at) => {
          if (at !== undefined && plot.current !== null) {
            const x = plot.current.xAt(at.left);
            cursor.value = { x, top: at.top, chart: id, byKey: false };
          } else if (cursor.peek()?.chart === id) cursor.value = undefined;
        },
        onSelect: (part) => setZoom(id, part),
        onReset: () => setZoom(id, undefined),
      });
    } else {
      plot.current.resize(width, height);
      plot.current.update(model);
    }
    const at = cursor.peek();
    if (at !== undefined) {
      const isSource = at.chart === id;
      showCursor(model, plot.current, { cursor: at, isSource });
    }
  }, inputs);
  useEffect(() => () => {
    const { plot, id } = latest.current;
    plot.current?.close();
    plot.current = null;
    if (cursor.peek()?.chart === id) cursor.value = undefined;
  }, []);
}

/** Lets keys move the cursor and the zoom. */
function Keys(
  { children, ...props }: ChartPlotProps & { readonly children: JSX.Element },
): JSX.Element {
  const { id, name, summary, model, plot } = props;
  const line = useRef(0);
  const [spoken, setSpoken] = useState("");
  const onKeyDown = (event: KeyboardEvent): void => {
    if (plot.current === null || event.ctrlKey || event.metaKey) return;
    const { key } = event;
    const at = cursor.peek()?.x ?? (model.x.min + model.x.max) / 2;
    if (key === "+" || key === "=" || key === "-") {
      const whole = model.whole ?? model.x;
      const factor = key === "-" ? 2 : 0.5;
      setZoom(id, zoomAround(model.x, { at, factor, whole }));
    } else if (key === "Escape" && model.isZoomed) setZoom(id, undefined);
    else if (/^(Arrow\w+|Home|End)$/.test(key)) {
      const next = moveCursor(model, plot.current, {
        key,
        x: cursor.peek()?.x,
        line: line.current,
      });
      if (next === undefined) return;
      line.current = next.line;
      cursor.value = { x: next.x, top: next.top, chart: id, byKey: true };
      setSpoken(spokenText(model, next));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      class="chart-keys"
      role="application"
      tabIndex={0}
      aria-label={`${CHARTS.chart({ name })}. ${summary}`}
      aria-description={CHARTS.keys()}
      onKeyDown={onKeyDown}
      onBlur={() => {
        if (cursor.peek()?.byKey) cursor.value = undefined;
      }}
    >
      {children}
      <span class="visually-hidden" aria-live="polite">{spoken}</span>
    </div>
  );
}

function spokenText(
  { lines, axis, unit }: ChartModel,
  at: { readonly x: number; readonly line: number },
): string {
  const line = lines[at.line];
  const row = line && nearestRow(line.curve, at.x);
  if (line === undefined || row === undefined) return "";
  return `${line.run} ${line.type}, ${CHARTS[axis]()} ${formatX(at.x, axis)}: ${
    formatValue(valueAt(line, row), unit)
  }`;
}

function Tip(
  { id, model, plot, isSingle }: Pick<
    ChartPlotProps,
    "id" | "model" | "plot" | "isSingle"
  >,
): JSX.Element | null {
  const at = cursor.value;
  if (at?.chart !== id || plot.current === null) return null;
  const chosen = readChart(model, plot.current, at);
  if (chosen.shown.length === 0) return null;
  const { area, canvas } = plot.current;
  return (
    <ChartTip
      chosen={chosen}
      axis={model.axis}
      x={at.x}
      unit={model.unit}
      isSingle={isSingle}
      left={area.left + plot.current.leftOf(at.x)}
      width={canvas.clientWidth}
    />
  );
}
