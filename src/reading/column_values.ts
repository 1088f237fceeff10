/**
 * What a column of a table says of a run.
 *
 * @module
 */

import { DamagedFileError } from "../errors.ts";
import type { YamlValue } from "../format/yaml_value.ts";
import { RUN_FILES } from "../local/layout.ts";
import { decodeHparams } from "./decode_hparams.ts";
import { flatValues, valueText } from "./flat_values.ts";
import { readLastValues } from "./last_values.ts";
import type { NodeSource } from "./node_source.ts";

/**
 * Reads hyperparameters and last values of metrics.
 *
 * @param source The run.
 * @param columns What is wanted: a hyperparameter's keys with dots between, else a metric's type and name with a dot or `/`
 *   between.
 * @returns The values, in the order of the columns; undefined for what the run does not have.
 */
export async function readColumns(
  source: NodeSource,
  columns: readonly string[],
): Promise<(string | number | undefined)[]> {
  const hparams = await readHparams(source);
  const values = new Map<string, string | number>();
  const metrics = new Map<string, string[]>();
  for (const column of columns) {
    const value = hparams.get(column);
    const [, type, name] = /^([^./]+)[./](.+)$/s.exec(column) ?? [];
    if (value !== undefined) {
      values.set(column, typeof value === "number" ? value : valueText(value));
    } else if (type !== undefined && name !== undefined) {
      metrics.set(type, [...metrics.get(type) ?? [], name]);
    }
  }
  for (const file of metrics.size > 0 ? await source.metricFiles() : []) {
    const names = metrics.get(file.type);
    if (names === undefined) continue;
    const last = await readLastValues(source, file, names);
    for (const name of names) {
      const value = last.get(name);
      if (value === undefined) continue;
      values.set(`${file.type}.${name}`, Number(value));
      values.set(`${file.type}/${name}`, Number(value));
    }
  }
  return columns.map((column) => values.get(column));
}

async function readHparams(
  source: NodeSource,
): Promise<ReadonlyMap<string, YamlValue>> {
  const text = await source.read(RUN_FILES.hyperparameters);
  if (text === undefined) return new Map();
  try {
    return flatValues(decodeHparams(text, RUN_FILES.hyperparameters));
  } catch (error) {
    if (error instanceof DamagedFileError) return new Map();
    throw error;
  }
}
