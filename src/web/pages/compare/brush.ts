/**
 * Ranges on axes, by which runs are chosen. In the address each is a JSON list: `["hparams.lr",0.001,0.01]` for numbers, with
 * null for an open end, and `["hparams.optimizer",["adam"]]` for categories.
 *
 * @module
 */

import type { Scalar } from "../../api/types.ts";
import { type Cell, toNumber } from "./cells.ts";
import type { Scale } from "./scale.ts";

/** A range on an axis. */
export type Brush =
  | { readonly from: number | null; readonly to: number | null }
  | { readonly categories: readonly Scalar[] };

/** The ranges by the column of their axis. */
export type Brushes = ReadonlyMap<string, Brush>;

/** Reads ranges from an address; what cannot be read is left out. */
export function readBrushes(texts: readonly string[]): Brushes {
  return new Map(texts.flatMap((text) => {
    const entry = readBrush(text);
    return entry === undefined ? [] : [entry];
  }));
}

function readBrush(text: string): [string, Brush] | undefined {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    // Somebody changed the address by hand.
    return undefined;
  }
  if (!Array.isArray(list) || typeof list[0] !== "string") return undefined;
  const [column, from, to] = list;
  if (Array.isArray(from) && list.length === 2) {
    return from.every(isScalar) ? [column, { categories: from }] : undefined;
  }
  return list.length === 3 && isEnd(from) && isEnd(to)
    ? [column, { from, to }]
    : undefined;
}

function isScalar(value: unknown): value is Scalar {
  return value === null ||
    ["string", "number", "boolean"].includes(typeof value);
}

function isEnd(value: unknown): value is number | null {
  return value === null || typeof value === "number";
}

/** Writes ranges for an address. */
export function writeBrushes(brushes: Brushes): readonly string[] {
  return [...brushes].map(([column, brush]) =>
    JSON.stringify(
      "categories" in brush
        ? [column, brush.categories]
        : [column, brush.from, brush.to],
    )
  );
}

/** Whether a value is in a range. */
export function isInBrush(brush: Brush, cell: Cell): boolean {
  if ("categories" in brush) {
    return cell !== undefined && brush.categories.includes(cell);
  }
  const value = toNumber(cell);
  return value !== undefined &&
    (brush.from === null || value >= brush.from) &&
    (brush.to === null || value <= brush.to);
}

/**
 * The range between two places of an axis.
 *
 * @param scale The axis.
 * @param a One place, from 0 to 1.
 * @param b The other.
 * @returns The range; undefined where nothing is between.
 */
export function brushBetween(
  scale: Scale,
  a: number,
  b: number,
): Brush | undefined {
  const [low, high] = [Math.min(a, b), Math.max(a, b)];
  if (scale.kind === "category") {
    const categories = scale.categories.flatMap((cell) => {
      const at = scale.at(cell);
      return cell !== undefined && at !== undefined && at >= low && at <= high
        ? [cell]
        : [];
    });
    return categories.length > 0 ? { categories } : undefined;
  }
  const end = (at: number, isOpen: boolean): number | null => {
    const value = scale.invert(at);
    return isOpen || value === undefined ? null : round(value);
  };
  return { from: end(low, low <= 0), to: end(high, high >= 1) };
}

/** As exact as a finger on a screen. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}

/** The places between which a range of numbers lies, from 0 to 1. */
export function brushPlaces(
  scale: Scale,
  brush: Brush,
): readonly (readonly [number, number])[] {
  if ("categories" in brush) {
    const half = 0.5 / Math.max(1, scale.categories.length);
    return brush.categories.flatMap((cell) => {
      const at = scale.at(cell);
      return at === undefined ? [] : [[at - half, at + half] as const];
    });
  }
  const clamp = (end: number | null, open: number): number => {
    if (end === null) return open;
    const at = scale.at(end);
    return at === undefined ? open : Math.max(0, Math.min(1, at));
  };
  return [[clamp(brush.from, 0), clamp(brush.to, 1)]];
}
