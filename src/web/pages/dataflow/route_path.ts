/**
 * Edges of a dataflow graph as they are drawn.
 *
 * @module
 */

import type { FlowPoint } from "./flow_graph_data.ts";

/** The shape stands above the name, so that it is higher than the middle of both. */
export const SHAPE_RISE = 13;
const SHAPE_RADIUS = 19;
/** The tip of an arrow ends before its shape. */
const TIP = 7;

/** An edge as an SVG path, from the edge of one shape to that of the next. */
export function routePath(route: readonly FlowPoint[]): string {
  const points = route.map(({ x, y }, i) => ({
    x: x +
      (i === 0
        ? SHAPE_RADIUS
        : i === route.length - 1
        ? -SHAPE_RADIUS - TIP
        : 0),
    y: y - SHAPE_RISE,
  }));
  return points.map(({ x, y }, i) => {
    const before = points[i - 1];
    if (before === undefined) return `M${round(x)} ${round(y)}`;
    // An edge against the direction leaves to the right all the same.
    const bend = Math.max(24, Math.abs(x - before.x) / 2);
    return `C${round(before.x + bend)} ${round(before.y)} ${round(x - bend)} ${
      round(y)
    } ${round(x)} ${round(y)}`;
  }).join("");
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
