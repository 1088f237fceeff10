/**
 * What a run's metadata say of its life.
 *
 * @module
 */

import { isYamlTable } from "../../format/yaml_reader.ts";
import type { YamlValue } from "../../format/yaml_value.ts";
import { MICROS_PER_MS, readMicros } from "./micros.ts";
import type { RunFacts } from "./run_records.ts";

/**
 * Reads from a run's metadata what the index keeps; whatever else they hold, and whether they are whole, does not matter.
 *
 * @param document What was read, with maps as `Map`.
 * @returns What it says; what it does not say is null.
 */
export function readRunFacts(document: YamlValue): RunFacts {
  const get = (key: string): string | null => {
    const value = isYamlTable(document) ? document.get(key) : undefined;
    return typeof value === "string" ? value : null;
  };
  return {
    status: get("status"),
    started: toMs(get("startTimestamp")),
    ended: toMs(get("endTimestamp")),
    alternative: get("alternativeName"),
  };
}

function toMs(text: string | null): number | null {
  const micros = text === null ? NaN : readMicros(text);
  return Number.isNaN(micros) ? null : micros / MICROS_PER_MS;
}
