import { parseYaml, YamlError } from "./yaml_reader.ts";
import type { YamlValue } from "./yaml_value.ts";

/** One record, as `scanMetrics` shows it; it holds only until the next one is shown. */
export interface MetricItem {
  /** The names; the same array for records with the same names in the same order. */
  readonly names: readonly string[];
  /** The values, in the order of the names. */
  readonly values: readonly number[];
  /** The epoch, `null` where there is none. */
  readonly epoch: number | null;
  /** The step. */
  readonly step: number;
  /** The time: ISO 8601 with offset. */
  readonly timestamp: string;
}

/** Why a text is no record. */
export interface MetricFlaw {
  /** What is wrong. */
  readonly message: string;
  /** The line to blame, counted from 1. */
  readonly line: number;
}

const NO_RECORD: MetricFlaw = {
  message:
    "it is no record, which holds maps under value and sequence, and a step and a timestamp in the latter",
  line: 1,
};

const strictUtf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads one item of a metrics file in any style of YAML.
 *
 * @param bytes The item's lines.
 * @returns The record, or why it is none.
 */
export function readItem(bytes: Uint8Array): MetricItem | MetricFlaw {
  const list = readList(bytes);
  if ("message" in list) return list;
  return list.length === 1 && list[0] ? list[0] : NO_RECORD;
}

/**
 * Reads a list of records in any style of YAML.
 *
 * @param bytes The document.
 * @returns The records, or why it is no list of records.
 */
export function readList(
  bytes: Uint8Array,
): readonly MetricItem[] | MetricFlaw {
  try {
    const list = parseYaml(strictUtf8.decode(bytes), { maps: "map" });
    if (list === null) return [];
    if (!Array.isArray(list)) return { message: "it is not a list", line: 1 };
    const items = list.map(toItem);
    return items.every((item) => item !== undefined) ? items : NO_RECORD;
  } catch (error) {
    if (error instanceof YamlError) {
      return { message: error.problem, line: error.line ?? 1 };
    }
    if (error instanceof TypeError) {
      return { message: "it is not UTF-8", line: 1 };
    }
    throw error;
  }
}

function toItem(item: YamlValue): MetricItem | undefined {
  if (!(item instanceof Map)) return undefined;
  const value: unknown = item.get("value");
  const sequence: unknown = item.get("sequence");
  if (!(value instanceof Map) || !(sequence instanceof Map)) return undefined;
  const timestamp: unknown = sequence.get("timestamp");
  if (!sequence.has("step") || typeof timestamp !== "string") return undefined;
  return {
    names: [...value.keys()].map(String),
    values: [...value.values()],
    epoch: sequence.get("epoch") ?? null,
    step: sequence.get("step"),
    timestamp,
  };
}
