/**
 * Units of metrics, as their names tell them.
 *
 * @module
 */

import { formatBytes, formatNumber } from "../format/number.ts";
import { logLabels, numberLabels } from "./ticks.ts";

const UNITS: readonly (readonly [ending: string, unit: string])[] = [
  ["percent", "%"],
  ["bytes", "B"],
  ["mib_per_s", "MiB/s"],
  ["mib", "MiB"],
  ["gib", "GiB"],
  ["celsius", "°C"],
  ["watts", "W"],
];

/**
 * The unit of a metric.
 *
 * @param name Its name, such as `memory_used_gib`.
 * @returns Such as `GiB`; `B` is shown as larger units; `""` where the name tells none.
 */
export function unitOf(name: string): string {
  const found = UNITS.find(([ending]) =>
    name === ending || name.endsWith(`_${ending}`)
  );
  return found?.[1] ?? "";
}

/** A value with its unit. */
export function formatValue(value: number, unit: string): string {
  if (unit === "B" && Number.isFinite(value) && value >= 0) {
    return formatBytes(Math.round(value));
  }
  return formatNumber(value) + suffix(unit);
}

function suffix(unit: string): string {
  return unit === "" || unit === "%" ? unit : ` ${unit}`;
}

/** Distances between ticks of bytes. */
export const BYTE_STEPS: readonly number[] = Array.from(
  { length: 60 },
  (_, power) => 2 ** power,
);

/** A unit for which there is no room stands at the greatest tick only, below its number. */
const MAX_BESIDE = 8;

/**
 * The labels of ticks of values.
 *
 * @param ticks Where they are; null where a tick has no label.
 * @param options Their unit, and whether the axis is logarithmic.
 * @returns The labels.
 */
export function valueLabels(
  ticks: readonly (number | null)[],
  { unit, isLog }: { readonly unit: string; readonly isLog: boolean },
): string[] {
  const labels = (isLog ? logLabels : numberLabels)(ticks);
  if (unit === "") return labels;
  if (unit === "B") {
    return isLog
      ? labels.map((label, at) => label && formatBytes(ticks[at] ?? 0))
      : byteLabels(ticks);
  }
  const longest = Math.max(...labels.map(({ length }) => length));
  const isBeside = longest + suffix(unit).length <= MAX_BESIDE;
  const last = labels.findLastIndex(Boolean);
  return labels.map((label, at) => {
    if (label === "" || !isBeside && at !== last) return label;
    return isBeside ? label + suffix(unit) : `${label}\n${unit}`;
  });
}

/** In the unit in which their distance is a whole number. */
function byteLabels(ticks: readonly (number | null)[]): string[] {
  const known = ticks.filter((tick) => tick !== null);
  const [first = 0, second = 2 * first] = known;
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  const distance = Math.max(1, Math.abs(second - first));
  const power = Math.min(
    names.length - 1,
    Math.floor(Math.log2(distance) / 10 + 1e-9),
  );
  return ticks.map((tick) =>
    tick === null ? "" : `${formatNumber(tick / 1024 ** power)} ${names[power]}`
  );
}
