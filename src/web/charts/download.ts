/**
 * Charts as files.
 *
 * @module
 */

import { csvUrl } from "../api/em.ts";
import { chunks } from "./points_plan.ts";
import type { SvgLegend } from "./svg_chart.ts";

/** Gives the person a file. */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  openDownload(url, name);
  // The browser has to have begun with it.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** What a file with a chart is called: without what file systems do not like. */
export function fileName(metric: string, extension: string): string {
  const name = metric.replace(/[^\p{L}\p{N}._-]+/gu, "_").slice(0, 80);
  return `${name || "chart"}.${extension}`;
}

/** Addresses with more runs than this are not taken by every proxy. */
const RUNS_AT_ONCE = 50;

/** Gives the person all points of a chart as CSV. */
export async function saveCsv(
  nodes: readonly string[],
  metrics: readonly string[],
  name: string,
): Promise<void> {
  if (nodes.length <= RUNS_AT_ONCE) {
    openDownload(csvUrl(nodes, metrics), name);
    return;
  }
  const parts: Blob[] = [];
  for (const some of chunks(nodes, RUNS_AT_ONCE)) {
    const response = await fetch(csvUrl(some, metrics));
    if (!response.ok) throw new Error(await response.text());
    const part = await response.blob();
    if (parts.length === 0) parts.push(part);
    else parts.push(await withoutHeader(part));
  }
  saveFile(name, new Blob(parts, { type: "text/csv" }));
}

const MAX_HEADER_BYTES = 1000;

async function withoutHeader(part: Blob): Promise<Blob> {
  const head = await part.slice(0, MAX_HEADER_BYTES).text();
  return part.slice(head.indexOf("\n") + 1);
}

/** What stands around a picture. */
export interface PictureOptions {
  readonly title: string;
  readonly legend: readonly SvgLegend[];
  readonly text: string;
  readonly surface: string;
}

const HEAD_PX = 30;
const ROW_PX = 18;

/** A chart's canvas with title and legend, as PNG. */
export async function toPng(
  source: HTMLCanvasElement,
  { title, legend, text, surface }: PictureOptions,
): Promise<Blob> {
  const ratio = source.width / (source.clientWidth || source.width);
  const canvas = document.createElement("canvas");
  canvas.width = source.width;
  canvas.height = source.height +
    (HEAD_PX + legend.length * ROW_PX + 8) * ratio;
  const context = canvas.getContext("2d");
  if (context === null) throw new Error("There is no canvas");
  context.fillStyle = surface;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(source, 0, HEAD_PX * ratio);
  context.scale(ratio, ratio);
  context.fillStyle = text;
  context.textAlign = "center";
  context.font = "600 14px system-ui, sans-serif";
  context.fillText(title, canvas.width / ratio / 2, 19);
  context.textAlign = "start";
  context.font = "11px system-ui, sans-serif";
  legend.forEach(({ label, color, dash }, at) => {
    const y = HEAD_PX + source.height / ratio + at * ROW_PX + 6;
    context.strokeStyle = color;
    context.lineWidth = 2.4;
    context.setLineDash([...dash]);
    context.beginPath();
    context.moveTo(16, y);
    context.lineTo(36, y);
    context.stroke();
    context.fillText(label, 44, y + 4);
  });
  return await new Promise((resolve, reject) =>
    canvas.toBlob(
      (blob) => blob === null ? reject(new Error("No picture")) : resolve(blob),
    )
  );
}

function openDownload(url: string, name: string): void {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}
