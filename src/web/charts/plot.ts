/**
 * A chart on the screen: uPlot's scales, axes, grid, cursor and selection, and the curves on its canvas.
 *
 * @module
 */

import uPlot from "uplot";
import type { XAxis } from "../api/types.ts";
import type { ChartLine } from "./line.ts";
import { paintLine, paintMarks } from "./paint.ts";
import type { Extent, Scale } from "./scale.ts";
import {
  DURATION_STEPS,
  durationLabels,
  logLabels,
  numberLabels,
  timeLabels,
} from "./ticks.ts";
import type { Frame } from "./trace.ts";

/** What a chart shows. */
export interface PlotModel {
  readonly axis: XAxis;
  readonly x: Scale;
  readonly y: Scale;
  readonly lines: readonly ChartLine[];
}

/** The colours of the page that a canvas needs. */
export interface PlotColors {
  /** Of labels. */
  readonly text: string;
  /** Of titles. */
  readonly strong: string;
  readonly grid: string;
  readonly surface: string;
}

/** What a person does with a chart. */
export interface PlotEvents {
  /** Points somewhere, in pixels of the plot; undefined for nowhere. */
  readonly onPoint: (
    at: { readonly left: number; readonly top: number } | undefined,
  ) => void;
  /** Chooses a part of the x axis. */
  readonly onSelect: (part: Extent) => void;
  /** Wants to see everything. */
  readonly onReset: () => void;
}

const MIN_SELECTED_PX = 5;
const Y_AXIS_PX = 58;
const FONT = "11px system-ui, sans-serif";

/** A chart on the screen. */
export class Plot {
  #model: PlotModel;
  readonly #uplot: uPlot;
  readonly #overlay = document.createElement("canvas");
  /** How often its curves were drawn. */
  drawn = 0;

  /** @param parent Where. @param model What. @param options How large, in which colours, and who wants to know. */
  constructor(
    parent: HTMLElement,
    model: PlotModel,
    options: PlotEvents & {
      readonly width: number;
      readonly height: number;
      readonly colors: () => PlotColors;
    },
  ) {
    this.#model = model;
    const { width, height, colors } = options;
    this.#uplot = new uPlot(
      {
        width,
        height,
        ms: 1,
        padding: [10, 14, 0, 0],
        legend: { show: false },
        series: [{}, { paths: () => null, points: { show: false } }],
        scales: {
          x: this.#scaleOptions("x"),
          y: this.#scaleOptions("y"),
        },
        axes: [this.#xAxis(colors), yAxis(model.y.isLog, colors)],
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: true, y: false, setScale: false },
          bind: {
            dblclick: () => () => {
              options.onReset();
              return null;
            },
          },
        },
        hooks: {
          draw: [() => this.#draw()],
          setCursor: [
            ({ cursor: { left = -1, top = -1 } }) =>
              options.onPoint(left < 0 ? undefined : { left, top }),
          ],
          setSelect: [(plot) => this.#select(plot, options.onSelect)],
        },
      },
      this.#data(),
      parent,
    );
    this.#overlay.className = "chart-overlay";
    this.#uplot.over.appendChild(this.#overlay);
  }

  /** The canvas with axes and curves. */
  get canvas(): HTMLCanvasElement {
    return this.#uplot.ctx.canvas;
  }

  /** The plotting area in CSS pixels, below the whole. */
  get area(): Frame {
    const { bbox } = this.#uplot;
    const ratio = uPlot.pxRatio;
    return {
      left: bbox.left / ratio,
      top: bbox.top / ratio,
      width: bbox.width / ratio,
      height: bbox.height / ratio,
      x: this.#model.x,
      y: this.#model.y,
    };
  }

  /** Whether a model needs a new plot because its axes are of another kind. */
  fits({ axis, x, y }: PlotModel): boolean {
    const now = this.#model;
    return now.axis === axis && now.x.isLog === x.isLog &&
      now.y.isLog === y.isLog;
  }

  /** Shows something else. */
  update(model: PlotModel): void {
    this.#model = model;
    this.#uplot.setData(this.#data());
  }

  /** Draws again, such as in other colours. */
  redraw(): void {
    this.#uplot.redraw(false, true);
  }

  /** Takes another size. */
  resize(width: number, height: number): void {
    if (this.#uplot.width === width && this.#uplot.height === height) return;
    this.#uplot.setSize({ width, height });
  }

  /** Shows the cursor at a place of the axis; undefined for none. */
  showCursor(x: number | undefined): void {
    const left = x === undefined ? -10 : this.#uplot.valToPos(x, "x");
    const { width } = this.area;
    const isInside = left >= 0 && left <= width;
    this.#uplot.setCursor({ left: isInside ? left : -10, top: -10 }, false);
  }

  /** The place of the axis at a pixel of the plot. */
  xAt(left: number): number {
    return this.#uplot.posToVal(left, "x");
  }

  /** The pixel of the plot at a place of the axis. */
  leftOf(x: number): number {
    return this.#uplot.valToPos(x, "x");
  }

  /** Draws a line stronger than the others, and dots; nothing to take that back. */
  highlight(
    line: ChartLine | undefined,
    dots: readonly {
      readonly x: number;
      readonly y: number;
      readonly color: string;
    }[] = [],
  ): void {
    const ratio = uPlot.pxRatio;
    const { width, height, ...rest } = this.area;
    const overlay = this.#overlay;
    const isEmpty = line === undefined && dots.length === 0;
    if (isEmpty && overlay.hidden) return;
    overlay.hidden = isEmpty;
    overlay.width = Math.round(width * ratio);
    overlay.height = Math.round(height * ratio);
    const context = overlay.getContext("2d");
    if (isEmpty || context === null) return;
    context.scale(ratio, ratio);
    const frame = { ...rest, left: 0, top: 0, width, height };
    if (line !== undefined) {
      paintLine(context, line, { frame, ratio: 1, emphasis: "strong" });
    }
    for (const { x, y, color } of dots) {
      context.fillStyle = color;
      context.beginPath();
      context.arc(x, y, 3.5, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** The ticks that are shown, with their labels, for whoever draws the chart elsewhere. */
  ticks(): {
    readonly x: readonly Tick[];
    readonly y: readonly Tick[];
  } {
    const read = (index: number, key: "x" | "y"): Tick[] => {
      // What uPlot has computed for an axis is not among its types.
      const { _splits, _values } = this.#uplot.axes[index] as unknown as {
        readonly _splits: readonly number[] | null;
        readonly _values: readonly (string | null)[] | null;
      };
      return (_splits ?? []).map((value, at) => ({
        at: this.#uplot.valToPos(value, key),
        label: _values?.[at] ?? "",
      }));
    };
    return { x: read(0, "x"), y: read(1, "y") };
  }

  /** Takes it from the page. */
  close(): void {
    this.#uplot.destroy();
  }

  #data(): uPlot.AlignedData {
    const { x, y } = this.#model;
    return [[x.min, x.max], [y.min, y.max]];
  }

  #scaleOptions(key: "x" | "y"): uPlot.Scale {
    return {
      time: false,
      distr: this.#model[key].isLog ? 3 : 1,
      range: () => [this.#model[key].min, this.#model[key].max],
    };
  }

  #xAxis(colors: () => PlotColors): uPlot.Axis {
    const { axis, x } = this.#model;
    const isWhole = axis === "step" && !x.isLog;
    const labels = x.isLog
      ? logLabels
      : axis === "time"
      ? timeLabels
      : axis === "relative"
      ? durationLabels
      : numberLabels;
    return {
      ...axisColors(colors),
      size: axis === "time" ? 44 : 30,
      space: axis === "step" || axis === "epoch" ? 64 : 84,
      font: FONT,
      gap: 6,
      values: (_, ticks) => labels(ticks),
      ...(axis === "relative" || axis === "time"
        ? { incrs: [...DURATION_STEPS] }
        : {}),
      ...(axis === "time" ? { splits: timeSplits } : {}),
      ...(isWhole
        ? { incrs: uPlotIncrs().filter((step) => Number.isInteger(step)) }
        : {}),
    };
  }

  #draw(): void {
    const { ctx, bbox } = this.#uplot;
    const { x, y, lines } = this.#model;
    const frame = { ...bbox, x, y };
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const line of lines) {
      paintLine(ctx, line, { frame, ratio, emphasis: "normal" });
    }
    for (const line of lines) paintMarks(ctx, line, { frame, ratio });
    ctx.restore();
    this.drawn++;
  }

  #select(plot: uPlot, onSelect: (part: Extent) => void): void {
    const { left, width } = plot.select;
    if (width === 0) return;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    if (width < MIN_SELECTED_PX) return;
    const min = plot.posToVal(left, "x");
    const max = plot.posToVal(left + width, "x");
    if (min < max) onSelect({ min, max });
  }
}

/** Where an axis has a label. */
export interface Tick {
  /** In pixels of the plot. */
  readonly at: number;
  readonly label: string;
}

function axisColors(colors: () => PlotColors): uPlot.Axis {
  return {
    stroke: () => colors().text,
    grid: { stroke: () => colors().grid, width: 1 },
    ticks: { show: false },
  };
}

function yAxis(isLog: boolean, colors: () => PlotColors): uPlot.Axis {
  return {
    ...axisColors(colors),
    size: Y_AXIS_PX,
    font: FONT,
    gap: 6,
    space: 34,
    values: (_, ticks) => (isLog ? logLabels : numberLabels)(ticks),
  };
}

/** Distances of 1, 2 and 5 times powers of ten. */
function uPlotIncrs(): number[] {
  return Array.from({ length: 16 }, (_, power) => power)
    .flatMap((power) => [1, 2, 5].map((n) => n * 10 ** power));
}

/** Ticks at whole hours and days of the browser's zone. */
function timeSplits(
  _: uPlot,
  __: number,
  min: number,
  max: number,
  step: number,
): number[] {
  const offset = new Date(min).getTimezoneOffset() * 60_000;
  const first = Math.ceil((min - offset) / step) * step + offset;
  const ticks: number[] = [];
  for (let tick = first; tick <= max && ticks.length < 100; tick += step) {
    ticks.push(tick);
  }
  return ticks;
}
