/**
 * Where values stand on an axis.
 *
 * @module
 */

import { formatNumber } from "../../format/number.ts";
import { type Cell, cellText, isNotFinite, toNumber } from "./cells.ts";

/** How numbers are laid out. */
export type ScaleKind = "linear" | "log";

/** A place on an axis that is named. */
export interface Tick {
  /** From 0 to 1. */
  readonly at: number;
  readonly text: string;
}

/** An axis. */
export interface Scale {
  readonly kind: ScaleKind | "category";
  /** Whether it could be logarithmic. */
  readonly canBeLog: boolean;
  /** Where a value stands, from 0 to 1; undefined where it has no place. */
  readonly at: (cell: Cell) => number | undefined;
  /** The number at a place; undefined of categories. */
  readonly invert: (at: number) => number | undefined;
  readonly ticks: readonly Tick[];
  /** The values of an axis of categories, in order. */
  readonly categories: readonly Cell[];
  /** The least and the greatest number. */
  readonly domain: readonly [number, number] | undefined;
}

/** From this ratio of the greatest to the least, numbers are laid out by magnitude. */
const LOG_RATIO = 50;
const TICKS = 6;

/**
 * Makes an axis for values.
 *
 * @param cells The values.
 * @param choice How a person wants numbers laid out. Default: as fits.
 * @returns The axis. One whose values are all numbers is of numbers; all others are of categories.
 */
export function makeScale(cells: readonly Cell[], choice?: ScaleKind): Scale {
  const numbers = cells.map(toNumber).filter((value) => value !== undefined);
  const isNumeric = numbers.length > 0 &&
    cells.every((cell) =>
      cell === undefined || cell === null || typeof cell === "number" ||
      isNotFinite(cell)
    );
  if (!isNumeric) return categoryScale(cells);
  const low = numbers.reduce((a, b) => Math.min(a, b));
  const high = numbers.reduce((a, b) => Math.max(a, b));
  const positive = numbers.filter((value) => value > 0);
  const canBeLog = positive.length > 0;
  const isSpread = low > 0 && high / low >= LOG_RATIO;
  if (canBeLog && (choice ?? (isSpread ? "log" : "linear")) === "log") {
    return logScale(positive.reduce((a, b) => Math.min(a, b)), high);
  }
  return linearScale(low, high, canBeLog);
}

function linearScale(low: number, high: number, canBeLog: boolean): Scale {
  // Halves, so that the span of huge numbers does not overflow.
  const span = high / 2 - low / 2;
  const place = (value: number): number =>
    span === 0 ? 0.5 : (value / 2 - low / 2) / span;
  return {
    kind: "linear",
    canBeLog,
    at: (cell) => {
      const value = toNumber(cell);
      return value === undefined ? undefined : place(value);
    },
    invert: (at) => low + at * span * 2,
    ticks: linearTicks(low, high).map((value) => ({
      at: place(value),
      text: formatNumber(value),
    })),
    categories: [],
    domain: [low, high],
  };
}

function logScale(low: number, high: number): Scale {
  const from = Math.log10(low);
  const span = Math.log10(high) - from;
  const place = (value: number): number =>
    span === 0 ? 0.5 : (Math.log10(value) - from) / span;
  return {
    kind: "log",
    canBeLog: true,
    at: (cell) => {
      const value = toNumber(cell);
      return value === undefined || value <= 0 ? undefined : place(value);
    },
    invert: (at) => 10 ** (from + at * span),
    ticks: logTicks(low, high).map((value) => ({
      at: place(value),
      text: formatNumber(value),
    })),
    categories: [],
    domain: [low, high],
  };
}

function categoryScale(cells: readonly Cell[]): Scale {
  const categories = [...new Set(cells)]
    .filter((cell) => cell !== undefined)
    .sort(compareCells);
  const places = new Map<Cell, number>(
    categories.map((cell, i) => [cell, (i + 0.5) / categories.length]),
  );
  return {
    kind: "category",
    canBeLog: false,
    at: (cell) => places.get(cell),
    invert: () => undefined,
    ticks: categories.map((cell, i) => ({
      at: (i + 0.5) / categories.length,
      text: cellText(cell),
    })),
    categories,
    domain: undefined,
  };
}

function compareCells(a: Cell, b: Cell): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [first, second] = [String(a), String(b)];
  return first.localeCompare(second, undefined, { numeric: true });
}

/** Round numbers within a range, about six. */
export function linearTicks(low: number, high: number): readonly number[] {
  if (!(high > low) || !Number.isFinite(high - low)) {
    return high === low ? [low] : [low, high];
  }
  const raw = (high - low) / TICKS;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw) ?? raw;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Numbers that lie close together around a large one have no round ones between.
  if (!(last > first) || last - first > 4 * TICKS) return [low, high];
  return Array.from(
    { length: last - first + 1 },
    (_, i) => Number(((first + i) * step).toPrecision(12)),
  );
}

/** Powers of ten within a range; where there are fewer than two, also 2 and 5 of them. */
export function logTicks(low: number, high: number): readonly number[] {
  if (low === high) return [low];
  const from = Math.floor(Math.log10(low));
  const to = Math.ceil(Math.log10(high));
  const isIn = (value: number) =>
    value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9);
  const powers = (factors: readonly number[], every: number) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
      .filter((power) => power % every === 0)
      .flatMap((power) => factors.map((factor) => Number(`${factor}e${power}`)))
      .filter(isIn);
  const decades = powers([1], Math.max(1, Math.ceil((to - from) / 8)));
  if (decades.length > 2) return decades;
  const finer = powers([1, 2, 5], 1);
  return finer.length >= 2 ? finer : [low, high];
}
