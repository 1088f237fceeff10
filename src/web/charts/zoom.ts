/**
 * The part of the x axis that is looked at, as it stands in the address: `12.5~80` for all charts, `12.5~80~loss` for one.
 *
 * @module
 */

import type { Extent } from "./scale.ts";

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

/** Nobody reads more digits, and addresses are sent by mail. */
function short(value: number): string {
  return String(Number(value.toPrecision(10)));
}
