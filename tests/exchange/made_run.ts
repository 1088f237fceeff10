import { join } from "@std/path";
import type { ImportedRecord } from "../../src/exchange/imported_run.ts";
import { RunImporter } from "../../src/exchange/run_importer.ts";
import type { OwnMap } from "../../src/run/hparam_values.ts";
import { parseMetrics } from "../../src/format/metric_reader.ts";
import type { MetricRecord } from "../../src/format/metric_record.ts";
import { readRunDirectory } from "../../src/run/read_run_directory.ts";

export const START_MS = Date.UTC(2026, 10, 23, 8, 21, 18);

/** Makes a run with these records, and gives its directory. */
export async function madeRun(
  parent: string,
  records: readonly ImportedRecord[],
  hparams: OwnMap = {},
): Promise<string> {
  using importer = await RunImporter.open(parent);
  const { path } = await importer.take({
    source: "a test",
    name: "made",
    startMs: START_MS,
    read(taker) {
      records.forEach(taker.record);
      return Promise.resolve({ status: "Complete", hparams });
    },
  });
  return path;
}

/** The records of a run, by type, as they stand in its files. */
export function recordsOf(dir: string): Record<string, MetricRecord[]> {
  const { types } = readRunDirectory(dir);
  return Object.fromEntries(types.map((type) => {
    const bytes = Deno.readFileSync(join(dir, "metrics", `${type}.yaml`));
    return [type, parseMetrics(bytes).records];
  }));
}
