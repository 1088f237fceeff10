import { recentNames } from "../reading/last_values.ts";
import type { NodeSource } from "../reading/node_source.ts";

/** No more runs are looked into for a hint, so that it never takes long. */
const LOOKED_INTO = 8;

/**
 * Finds the columns that somebody meant who has named a metric without its type.
 *
 * @param names What was named.
 * @param runs Open the runs; only the first few are looked into.
 * @returns The columns by what was named, such as `train.loss` and `val.loss` for `loss`; without what is no metric.
 */
export async function columnsMeant(
  names: readonly string[],
  runs: readonly (() => Promise<NodeSource>)[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const meant = new Map<string, Set<string>>();
  for (const open of runs.slice(0, LOOKED_INTO)) {
    const source = await open();
    for (const file of await source.metricFiles()) {
      const known = await recentNames(source, file);
      for (const name of names) {
        if (!known.has(name)) continue;
        const columns = meant.get(name) ?? new Set();
        meant.set(name, columns.add(`${file.type}.${name}`));
      }
    }
  }
  return meant;
}
