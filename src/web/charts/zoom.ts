/**
 * The part of the x axis that is looked at, as it stands in the address: `12.5~80` for all charts, `12.5~80~loss` for one.
 *
 * @module
 */

import type { Extent, Scale } from "./scale.ts";

/** Which parts are looked at. */
export interface Zooms {
  /** By all charts that have none of their own. */
  readonly all: Extent | undefined;
  /** By charts, by their ids. */
  readonly single: ReadonlyMap<string, Extent>;
}

/** Reads parts from an address; what is no part is left out. */
export function parseZooms(texts: readonly string[]): Zooms {
  let all: Extent | undefined;
  const single = new Map<string, Extent>();
  for (const text of texts) {
    const [, low, high, chart] = /^([^~]+)~([^~]+)(?:~(.*))?$/s.exec(text) ??
      [];
    const min = Number(low ?? NaN);
    const max = Number(high ?? NaN);
    if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max) continue;
    if (chart === undefined) all = { min, max };
    else single.set(chart, { min, max });
  }
  return { all, single };
}

/** Writes parts for an address. */
export function formatZooms({ all, single }: Zooms): string[] {
  const text = ({ min, max }: Extent): string => `${short(min)}~${short(max)}`;
  return [
    ...(all === undefined ? [] : [text(all)]),
    ...[...single].map(([chart, part]) => `${text(part)}~${chart}`),
  ];
}

/** A part that is nearer (a factor below 1) or farther around a place, within the whole. */
export function zoomAround(
  part: Extent,
  options: {
    readonly at: number;
    readonly factor: number;
    readonly whole: Extent;
  },
): Extent | undefined {
  const { at, factor, whole } = options;
  const min = Math.max(whole.min, at - (at - part.min) * factor);
  const max = Math.min(whole.max, at + (part.max - at) * factor);
  if (min <= whole.min && max >= whole.max) return undefined;
  return max - min > 0 && Number.isFinite(max - min) ? { min, max } : part;
}

/** A part of an axis that one finger holds, or two. */
export interface Grip {
  readonly part: Scale;
  /** What they hold, as parts of the plot's width. */
  readonly at: readonly number[];
}

/** Fingers nearer to each other than this part of the plot's width are taken as so far apart. */
const NEAREST = 0.05;
/** A part is not narrower than so many times its greatest number: doubles have no more digits. */
const NARROWEST = 1e-9;

/**
 * The part of the axis when fingers have moved: what they held stays below them, as far as the whole allows.
 *
 * @param grip What they held.
 * @param now Where they are, as parts of the plot's width.
 * @param whole The whole axis.
 * @returns The part; undefined for all.
 */
export function moveGrip(
  { part, at }: Grip,
  now: readonly number[],
  whole: Extent,
): Extent | undefined {
  const to = part.isLog ? Math.log10 : Number;
  const back = (value: number): number => part.isLog ? 10 ** value : value;
  const low = to(part.min);
  const width = to(part.max) - low;
  const wholeLow = to(whole.min);
  const wholeWidth = to(whole.max) - wholeLow;
  const least = NARROWEST * Math.max(Math.abs(low), Math.abs(low + width));
  const factor = spread(at) / spread(now);
  const nextWidth = Math.max(width * factor, least);
  if (!(nextWidth < wholeWidth)) return undefined;
  const nextLow = low + middle(at) * width - middle(now) * nextWidth;
  const most = wholeLow + wholeWidth - nextWidth;
  const min = Math.min(Math.max(nextLow, wholeLow), most);
  return { min: back(min), max: back(min + nextWidth) };
}

function spread([a = 0, b = a + 1]: readonly number[]): number {
  return Math.max(NEAREST, Math.abs(b - a));
}

function middle([a = 0, b = a]: readonly number[]): number {
  return (a + b) / 2;
}

/** Nobody reads more digits, and addresses are sent by mail. */
function short(value: number): string {
  return String(Number(value.toPrecision(10)));
}
