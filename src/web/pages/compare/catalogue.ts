/**
 * Which columns runs have, asked for in groups.
 *
 * @module
 */

import type { Columns, FactColumn } from "../../api/types.ts";

/** More nodes would make an address that not every proxy takes. */
export const NODES_AT_ONCE = 60;

/** Cuts a list into groups. */
export function groupsOf<T>(items: readonly T[], size: number): T[][] {
  const groups: T[][] = [];
  for (let at = 0; at < items.length; at += size) {
    groups.push(items.slice(at, at + size));
  }
  return groups;
}

/** Puts together what groups of runs have. `distinct` then is what at least are different. */
export function mergeColumns(all: readonly Columns[]): Columns {
  const [first] = all;
  if (first !== undefined && all.length === 1) return first;
  const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);
  const metrics = new Map<string, Columns["metrics"][number]>();
  for (const metric of all.flatMap((each) => each.metrics)) {
    const known = metrics.get(metric.id);
    metrics.set(metric.id, {
      ...metric,
      runs: metric.runs + (known?.runs ?? 0),
    });
  }
  return {
    runs: sum(all.map(({ runs }) => runs)),
    complete: all.every(({ complete }) => complete),
    hparams: mergeFacts(all.map(({ hparams }) => hparams)),
    platform: mergeFacts(all.map(({ platform }) => platform)),
    git: mergeFacts(all.map(({ git }) => git)),
    metrics: [...metrics.values()].sort((a, b) =>
      a.type < b.type ? -1 : a.type > b.type ? 1 : 0
    ),
  };
}

function mergeFacts(all: readonly (readonly FactColumn[])[]): FactColumn[] {
  const merged = new Map<string, FactColumn>();
  for (const fact of all.flat()) {
    const known = merged.get(fact.id);
    merged.set(
      fact.id,
      known === undefined ? fact : {
        ...fact,
        types: [...new Set([...known.types, ...fact.types])],
        runs: known.runs + fact.runs,
        distinct: Math.max(known.distinct, fact.distinct),
        min: extreme(Math.min, known.min, fact.min),
        max: extreme(Math.max, known.max, fact.max),
      },
    );
  }
  return [...merged.values()];
}

function extreme(
  choose: (a: number, b: number) => number,
  a: number | null,
  b: number | null,
): number | null {
  return a === null ? b : b === null ? a : choose(a, b);
}
