/**
 * What a person has chosen about charts: what a colleague should see too stands in the address, taste in the browser.
 *
 * @module
 */

import { computed, signal } from "@preact/signals";
import type { XAxis } from "../api/types.ts";
import { route, setParams } from "../state/route.ts";
import { stored } from "../state/stored.ts";
import type { BoardParams } from "./board_params.ts";
import type { Extent } from "./scale.ts";
import { formatZooms, parseZooms } from "./zoom.ts";

const AXES: readonly XAxis[] = ["step", "epoch", "time", "relative"];

/** What is chosen. */
export const board = computed<BoardParams>(() => {
  const { params } = route.value;
  const x = AXES.find((axis) => axis === params.get("by")) ?? "step";
  const log = params.get("log") ?? "";
  const smoothing = Number(params.get("smooth") ?? 0);
  return {
    x,
    isLogX: log.includes("x") && x !== "time",
    isLogY: log.includes("y"),
    isClipped: params.get("clip") === "1",
    smoothing: smoothing > 0 ? Math.min(0.99, smoothing) : 0,
    search: params.get("find") ?? "",
    isApart: params.get("apart") === "1",
    hidden: new Set(params.getAll("off")),
    chart: params.get("chart") ?? undefined,
  };
});

/** Changes what is chosen. */
export function choose(changes: Partial<BoardParams>): void {
  const next = { ...board.peek(), ...changes };
  const log = `${next.isLogX ? "x" : ""}${next.isLogY ? "y" : ""}`;
  setParams({
    by: next.x === "step" ? undefined : next.x,
    log: log || undefined,
    clip: next.isClipped ? "1" : undefined,
    smooth: next.smoothing > 0 ? String(next.smoothing) : undefined,
    find: next.search || undefined,
    apart: next.isApart ? "1" : undefined,
    off: [...next.hidden],
    chart: next.chart,
    // A part of another axis means nothing.
    ...(changes.x === undefined ? {} : { zoom: undefined }),
  });
}

/** Which parts of the x axis are looked at. */
export const zooms = computed(() =>
  parseZooms(route.value.params.getAll("zoom"))
);

/** The part that a chart shows; undefined for all. */
export function zoomOf(chart: string): Extent | undefined {
  return zooms.value.single.get(chart) ?? zooms.value.all;
}

/** Looks at a part, with all charts or with one; undefined for all. */
export function setZoom(chart: string, part: Extent | undefined): void {
  const { all, single } = zooms.peek();
  const others = new Map(single);
  others.delete(chart);
  const isShared = isZoomShared.peek();
  if (!isShared && part !== undefined) others.set(chart, part);
  // Without a part of its own a chart shows that of all: so that goes too.
  const common = isShared ? part : part === undefined ? undefined : all;
  const next = { all: common, single: isShared ? new Map() : others };
  setParams({ zoom: formatZooms(next) });
}

/** Shows everything again, in all charts. */
export function resetZooms(): void {
  setParams({ zoom: undefined });
}

const isBoolean = (value: unknown): value is boolean =>
  typeof value === "boolean";
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === "string");

/** Whether all charts show the same part of the x axis. */
export const isZoomShared = stored("charts.sharedZoom", true, isBoolean);

/** Whether a table stands below each chart. */
export const isTableShown = stored("charts.table", false, isBoolean);

/** How many charts stand beside each other. */
export const perRow = stored<number>(
  "charts.perRow",
  2,
  (value): value is number => value === 1 || value === 2 || value === 3,
);

/** How high charts are, in pixels. */
export const chartHeight = stored<number>(
  "charts.height",
  240,
  (value): value is number =>
    typeof value === "number" && value >= 120 && value <= 800,
);

/** The charts that stand at the top. */
export const pinned = stored<readonly string[]>("charts.pinned", [], isTexts);

/** The groups that are closed. */
export const closedGroups = stored<readonly string[]>(
  "charts.closed",
  [],
  isTexts,
);

/** Adds to a list what is not in it, and takes out what is. */
export function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item)
    ? list.filter((each) => each !== item)
    : [...list, item];
}

/** Where the cursor is on the x axis of all charts. */
export interface BoardCursor {
  readonly x: number;
  /** In which chart somebody points. */
  readonly chart: string;
  /** How far below the plot's upper edge, in pixels. */
  readonly top: number;
  /** Whether it is moved by keys. */
  readonly byKey: boolean;
}

/** Where the cursor is; undefined where nobody points. */
export const cursor = signal<BoardCursor | undefined>(undefined);
