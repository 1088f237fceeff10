/**
 * A chart as PNG, SVG and CSV.
 *
 * @module
 */

import { toastError } from "../state/toasts.ts";
import { CHARTS } from "../text/charts.ts";
import type { ChartInfo } from "./catalogue.ts";
import type { ChartModel } from "./chart_model.ts";
import { fileName, saveCsv, saveFile, toPng } from "./download.ts";
import { pageColors } from "./page_colors.ts";
import type { Plot } from "./plot.ts";
import { type SvgLegend, toSvg } from "./svg_chart.ts";

/** Saves a chart. */
export interface ChartFiles {
  readonly png: () => void;
  readonly svg: () => void;
  readonly csv: () => void;
}

/** What is saved. */
export interface FilesSource {
  readonly info: ChartInfo;
  readonly model: ChartModel;
  readonly plot: Plot | null;
  readonly isSingle: boolean;
  /** Ids of the runs that are drawn. */
  readonly nodes: readonly string[];
  /** Metrics as `<type>/<name>`. */
  readonly metrics: readonly string[];
}

/** Names more lines than this only by their number. */
const MAX_LEGEND = 40;

/** Makes the files of a chart as it is when they are wanted. */
export function chartFiles(read: () => FilesSource): ChartFiles {
  return {
    png: () => {
      const { info, model, plot, isSingle } = read();
      if (plot === null) return;
      const { strong, surface } = pageColors();
      toPng(plot.canvas, {
        title: info.id,
        legend: legendOf(model, isSingle),
        text: strong,
        surface,
      }).then((blob) => saveFile(fileName(info.id, "png"), blob), toastError);
    },
    svg: () => {
      const { info, model, plot, isSingle } = read();
      if (plot === null) return;
      const { clientWidth: width, clientHeight: height } = plot.canvas;
      const { text, strong, grid, surface } = pageColors();
      const svg = toSvg({
        title: info.id,
        xLabel: CHARTS[model.axis](),
        frame: plot.area,
        width,
        height,
        ticks: plot.ticks(),
        lines: model.lines,
        marks: model.marks.map(({ x, color = text }) => ({
          at: plot.leftOf(x),
          color,
        })),
        legend: legendOf(model, isSingle),
        colors: { text: strong, grid, surface },
      });
      const blob = new Blob([svg], { type: "image/svg+xml" });
      saveFile(fileName(info.id, "svg"), blob);
    },
    csv: () => {
      const { info, nodes, metrics } = read();
      saveCsv(nodes, metrics, fileName(info.id, "csv")).catch(toastError);
    },
  };
}

function legendOf(model: ChartModel, isSingle: boolean): SvgLegend[] {
  const entries = model.lines.map(({ run, type, color, dash }) => ({
    label: isSingle && run === "" ? type : `${run} · ${type}`,
    color,
    dash,
  }));
  const left = entries.length - MAX_LEGEND;
  if (left <= 0) return entries;
  const label = CHARTS.andMore({ n: left });
  return [
    ...entries.slice(0, MAX_LEGEND),
    { label, color: "transparent", dash: [] },
  ];
}
