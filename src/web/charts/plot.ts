/**
 * A chart on the screen: uPlot's scales, axes, grid, cursor and selection, and the curves on its canvas.
 *
 * @module
 */

import uPlot from "uplot";
import type { ChartLine } from "./line.ts";
import { paintLine, paintMarks, paintUpright } from "./paint.ts";
import { type PlotColors, xAxis, yAxis } from "./plot_axes.ts";
import type { PlotModel } from "./plot_model.ts";
import type { Extent, Scale } from "./scale.ts";
import { followTouches } from "./touch.ts";
import type { Frame } from "./trace.ts";

/** What a person does with a chart. */
export interface PlotEvents {
  /** Points somewhere, in pixels of the plot; undefined for nowhere. */
  readonly onPoint: (
    at: { readonly left: number; readonly top: number } | undefined,
  ) => void;
  /** Chooses a part of the x axis; undefined for all of it. */
  readonly onSelect: (part: Extent | undefined) => void;
  /** Wants to see everything. */
  readonly onReset: () => void;
}

const MIN_SELECTED_PX = 5;

/** A chart on the screen. */
export class Plot {
  #model: PlotModel;
  /** The part that fingers have moved to, until they let go. */
  #moved: Extent | undefined;
  readonly #uplot: uPlot;
  readonly #colors: () => PlotColors;
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
    this.#colors = colors;
    this.#uplot = new uPlot(
      {
        width,
        height,
        ms: 1,
        padding: [10, model.axis === "time" ? 30 : 16, 0, 0],
        legend: { show: false },
        series: [{}, { paths: () => null, points: { show: false } }],
        scales: {
          x: this.#scaleOptions("x"),
          y: this.#scaleOptions("y"),
        },
        axes: [xAxis(model, colors), yAxis(model, colors)],
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
    followTouches(this.#uplot.over, {
      part: () => this.#model.x,
      whole: () => this.#model.whole,
      isZoomed: () => this.#model.isZoomed,
      onMove: (part) => {
        this.#moved = part;
        this.#uplot.setCursor({ left: -10, top: -10 });
        this.#uplot.setData(this.#data());
      },
      onChosen: (part) => {
        this.#moved = undefined;
        options.onSelect(part);
      },
      onReset: options.onReset,
      onPoint: (left, top) => this.#uplot.setCursor({ left, top }),
    });
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
      x: this.#x,
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

  get #x(): Scale {
    return { ...this.#model.x, ...this.#moved };
  }

  #data(): uPlot.AlignedData {
    const { y } = this.#model;
    return [[this.#x.min, this.#x.max], [y.min, y.max]];
  }

  #scaleOptions(key: "x" | "y"): uPlot.Scale {
    return {
      time: false,
      distr: this.#model[key].isLog ? 3 : 1,
      range: () => {
        const { min, max } = key === "x" ? this.#x : this.#model.y;
        return [min, max];
      },
    };
  }

  #draw(): void {
    const { ctx, bbox } = this.#uplot;
    const { y, lines } = this.#model;
    const frame = { ...bbox, x: this.#x, y };
    const ratio = uPlot.pxRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const { x, color = this.#colors().text } of this.#model.marks) {
      paintUpright(ctx, { x, color }, { frame, ratio });
    }
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
