/**
 * Which charts there are: one for each metric, or for each metric and type.
 *
 * @module
 */

import type { MetricsFile, Series, SeriesList } from "../api/types.ts";
import { readType, sortTypes } from "./metric_type.ts";

/** What is known of the series of a run. */
export type RunSeries = SeriesList["runs"][number];

/** A chart. */
export interface ChartInfo {
  /** Its metric, or type and metric: `loss` or `train/loss`. */
  readonly id: string;
  /** The metric. */
  readonly name: string;
  /** The metric types that have it: train first, then validation, test, and others. */
  readonly types: readonly string[];
  /** The group: `system` of system metrics; else what stands before the first `/` of the name, or `""`. */
  readonly group: string;
}

/**
 * Lists the charts of runs, in the order in which the metrics first appear. The ranks of a run have their curves where it has
 * its own.
 *
 * @param runs What there is.
 * @param isApart Whether each type has charts of its own.
 * @returns The charts.
 */
export function listCharts(
  runs: Iterable<RunSeries>,
  isApart: boolean,
): ChartInfo[] {
  const found = new Map<string, Set<string>>();
  for (const { series } of runs) {
    for (const { type, name } of series) {
      const types = found.get(name);
      if (types === undefined) found.set(name, new Set([type]));
      else types.add(type);
    }
  }
  return [...found].flatMap(([name, set]) => {
    const types = sortTypes(set);
    return isApart
      ? [...Map.groupBy(types, (type) => readType(type).base)].map((
        [base, types],
      ) => ({
        id: `${base}/${name}`,
        name,
        types,
        group: groupOf(name, types),
      }))
      : [{ id: name, name, types, group: groupOf(name, types) }];
  });
}

/** The metric type of which the SDK makes the load of the machine. */
const SYSTEM_TYPE = "system";

/** Whether a type holds the load of a machine: the run's, or that of a rank. */
export function isSystemType(type: string): boolean {
  return readType(type).base === SYSTEM_TYPE;
}

function groupOf(name: string, types: readonly string[]): string {
  if (types.every(isSystemType)) return SYSTEM_TYPE;
  return name.includes("/") ? name.slice(0, name.indexOf("/")) : "";
}

/** Charts of one group. */
export interface ChartGroup {
  readonly name: string;
  readonly charts: readonly ChartInfo[];
}

/** Groups charts: those without a group first, then group by group as they appear. */
export function groupCharts(charts: readonly ChartInfo[]): ChartGroup[] {
  const groups = new Map<string, ChartInfo[]>([["", []]]);
  for (const chart of charts) {
    const known = groups.get(chart.group);
    if (known === undefined) groups.set(chart.group, [chart]);
    else known.push(chart);
  }
  return [...groups].filter(([, charts]) => charts.length > 0)
    .map(([name, charts]) => ({ name, charts }));
}

/** How a text is looked for in the names of charts. */
export interface Search {
  readonly test: (id: string) => boolean;
  /** Whether it looked like a regular expression and is none. */
  readonly isBroken: boolean;
}

/** Reads what a person looks for: a part of a name, or `/…/` for a regular expression; several words have all to be there. */
export function parseSearch(text: string): Search {
  const [, pattern] = /^\/(.*?)\/?$/s.exec(text.trim()) ?? [];
  if (pattern !== undefined) {
    try {
      const regExp = new RegExp(pattern, "iu");
      return { test: (id) => regExp.test(id), isBroken: false };
    } catch {
      return { test: () => true, isBroken: true };
    }
  }
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return {
    test: (id) => words.every((word) => id.toLowerCase().includes(word)),
    isBroken: false,
  };
}

/** The series of a run by type and name, for those who ask often. */
export function indexSeries(
  runs: Iterable<RunSeries>,
): ReadonlyMap<string, Series> {
  const found = new Map<string, Series>();
  for (const { node, series } of runs) {
    for (const each of series) {
      found.set(seriesKey(node, each.type, each.name), each);
    }
  }
  return found;
}

/** From which steps on later attempts at runs have gone on, by metrics file. */
export function indexResumed(
  runs: Iterable<RunSeries>,
): ReadonlyMap<string, MetricsFile["resumedAt"]> {
  return new Map(
    [...runs].flatMap(({ node, types }) =>
      types.filter(({ resumedAt }) => resumedAt.length > 0)
        .map(({ type, resumedAt }) => [fileKey(node, type), resumedAt])
    ),
  );
}

/** Names a metrics file. */
export function fileKey(node: string, type: string): string {
  return `${node}\0${type}`;
}

/** Names a series. */
export function seriesKey(node: string, type: string, name: string): string {
  return `${node}\0${type}/${name}`;
}
