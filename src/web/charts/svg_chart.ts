/**
 * A chart as SVG, from the same shapes as on the screen.
 *
 * @module
 */

import type { ChartLine } from "./line.ts";
import { valueAt } from "./line.ts";
import { OPACITY, SIZES } from "./paint.ts";
import {
  dotRows,
  type Frame,
  markShape,
  oddMarks,
  placesIn,
  type Sink,
  traceBand,
  traceExtremes,
  traceLine,
} from "./trace.ts";

/** A label at an axis, in pixels of the plot. */
export interface SvgTick {
  readonly at: number;
  readonly label: string;
}

/** What is drawn. */
export interface SvgChart {
  readonly title: string;
  readonly xLabel: string;
  readonly frame: Frame;
  /** The size of the whole. */
  readonly width: number;
  readonly height: number;
  readonly ticks: {
    readonly x: readonly SvgTick[];
    readonly y: readonly SvgTick[];
  };
  readonly lines: readonly ChartLine[];
  /** Dashed lines from top to bottom, in pixels of the plot. */
  readonly marks: readonly { readonly at: number; readonly color: string }[];
  readonly legend: readonly SvgLegend[];
  readonly colors: {
    readonly text: string;
    readonly grid: string;
    readonly surface: string;
  };
}

/** An entry of the legend. */
export interface SvgLegend {
  readonly label: string;
  readonly color: string;
  readonly dash: readonly number[];
}

const HEAD_PX = 28;
const FOOT_PX = 22;
const LEGEND_ROW_PX = 18;
const FONT = "system-ui, -apple-system, Segoe UI, Roboto, sans-serif";

/** Draws a chart. */
export function toSvg(chart: SvgChart): string {
  const { frame, colors, lines, marks, legend, width } = chart;
  const full = chart.height + HEAD_PX + FOOT_PX +
    legend.length * LEGEND_ROW_PX;
  const moved = { ...frame, top: frame.top + HEAD_PX };
  const clip = `<clipPath id="plot"><rect ${
    attributes({
      x: frame.left,
      y: moved.top,
      width: frame.width,
      height: frame.height,
    })
  }/></clipPath>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${
      attributes({ width, height: full, viewBox: `0 0 ${width} ${full}` })
    } font-family="${FONT}" font-size="11" fill="${colors.text}">`,
    `<defs>${clip}</defs>`,
    `<rect width="100%" height="100%" fill="${escape(colors.surface)}"/>`,
    text(chart.title, {
      x: width / 2,
      y: 18,
      "text-anchor": "middle",
      "font-size": 14,
      "font-weight": 600,
    }),
    ...axes(chart, moved),
    '<g clip-path="url(#plot)" fill="none" stroke-linejoin="round" stroke-linecap="round">',
    ...marks.map(({ at, color }) => upright(at, color, moved)),
    ...lines.flatMap((line) => shapesOf(line, moved)),
    "</g>",
    text(chart.xLabel, {
      x: frame.left + frame.width / 2,
      y: HEAD_PX + chart.height + 12,
      "text-anchor": "middle",
    }),
    ...legend.flatMap((entry, at) =>
      legendEntry(entry, HEAD_PX + chart.height + FOOT_PX + at * LEGEND_ROW_PX)
    ),
    "</svg>",
  ].join("\n");
}

function axes({ ticks, colors }: SvgChart, frame: Frame): string[] {
  const bottom = frame.top + frame.height;
  const right = frame.left + frame.width;
  const line = (x1: number, y1: number, x2: number, y2: number): string =>
    `<line ${attributes({ x1, y1, x2, y2, stroke: colors.grid })}/>`;
  return [
    ...ticks.x.flatMap(({ at, label }) => [
      line(frame.left + at, frame.top, frame.left + at, bottom),
      ...label.split("\n").map((part, row) =>
        text(part, {
          x: frame.left + at,
          y: bottom + 16 + row * 13,
          "text-anchor": "middle",
        })
      ),
    ]),
    ...ticks.y.flatMap(({ at, label }) => [
      line(frame.left, frame.top + at, right, frame.top + at),
      text(label, {
        x: frame.left - 6,
        y: frame.top + at + 4,
        "text-anchor": "end",
      }),
    ]),
  ];
}

function upright(at: number, color: string, frame: Frame): string {
  const x = frame.left + at;
  return `<line ${
    attributes({
      x1: x,
      y1: frame.top,
      x2: x,
      y2: frame.top + frame.height,
      stroke: color,
      opacity: OPACITY.upright,
      "stroke-dasharray": "3 3",
    })
  }/>`;
}

function shapesOf(line: ChartLine, frame: Frame): string[] {
  const { curve, color, smoothed, hasBand, dash } = line;
  const shape = (
    style: Readonly<Record<string, string | number>>,
    draw: (sink: Sink) => void,
  ): string => {
    const d = pathOf(draw);
    return d === ""
      ? ""
      : `<path ${attributes({ d, stroke: color, ...style })}/>`;
  };
  const raw = (sink: Sink): void =>
    hasBand
      ? traceLine(curve, frame, curve.columns.mean, sink)
      : traceExtremes(curve, frame, sink);
  const place = placesIn(frame);
  const dashes = dash.length > 0 ? { "stroke-dasharray": dash.join(" ") } : {};
  return [
    hasBand
      ? shape({
        "stroke-opacity": OPACITY.bandEdge,
        fill: color,
        "fill-opacity": OPACITY.band,
      }, (sink) => traceBand(curve, frame, sink))
      : "",
    smoothed === undefined ? "" : shape({ opacity: OPACITY.raw }, raw),
    shape(
      { "stroke-width": line.isThin ? 1 : SIZES.line, ...dashes },
      (sink) =>
        smoothed === undefined
          ? raw(sink)
          : traceLine(curve, frame, smoothed, sink),
    ),
    ...dotRows(curve, frame, { onlyAlone: line.isThin }).flatMap((row) => {
      const cx = place.x(curve.center(row));
      const cy = place.y(valueAt(line, row));
      if (Number.isNaN(cy)) return [];
      return [
        `<circle ${attributes({ cx, cy, r: SIZES.dot, fill: color })}/>`,
      ];
    }),
    shape({ "stroke-width": 1.6 }, (sink) => {
      for (const mark of oddMarks(curve, frame)) {
        for (const outline of markShape(mark, frame, SIZES.mark)) {
          outline.forEach(([x, y], at) =>
            at === 0 ? sink.moveTo(x, y) : sink.lineTo(x, y)
          );
        }
      }
    }),
  ].filter(Boolean);
}

function legendEntry({ label, color, dash }: SvgLegend, y: number): string[] {
  const style = dash.length > 0 ? { "stroke-dasharray": dash.join(" ") } : {};
  return [
    `<line ${
      attributes({
        x1: 16,
        x2: 36,
        y1: y + 6,
        y2: y + 6,
        stroke: color,
        "stroke-width": 2.4,
        ...style,
      })
    }/>`,
    text(label, { x: 44, y: y + 10 }),
  ];
}

function pathOf(draw: (sink: Sink) => void): string {
  const parts: string[] = [];
  draw({
    moveTo: (x, y) => parts.push(`M${round(x)} ${round(y)}`),
    lineTo: (x, y) => parts.push(`L${round(x)} ${round(y)}`),
  });
  return parts.join("");
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function text(
  content: string,
  style: Readonly<Record<string, string | number>>,
): string {
  return `<text ${attributes(style)}>${escape(content)}</text>`;
}

function attributes(
  values: Readonly<Record<string, string | number>>,
): string {
  return Object.entries(values).map(([name, value]) =>
    `${name}="${
      typeof value === "number" ? round(value) : escape(String(value))
    }"`
  ).join(" ");
}

/** A text as XML can carry it: what it cannot carry becomes U+FFFD. */
export function escape(content: string): string {
  return content.toWellFormed()
    // deno-lint-ignore no-control-regex -- these are what XML forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
