import { formatFloat, formatKey, formatNumber } from "./yaml_scalars.ts";

/** Where a metric record stands in its run. */
export interface MetricSequence {
  /** The epoch, `null` where none was given. */
  readonly epoch: number | null;
  /** The step. */
  readonly step: number;
  /** The time of the call that recorded it: ISO 8601 with offset and microseconds. */
  readonly timestamp: string;
}

/** One call of `log()`, as it stands in a metrics file. */
export interface MetricRecord {
  /** The metrics by name, in the order in which they were given. */
  readonly value: Readonly<Record<string, number>>;
  /** Epoch, step and time. */
  readonly sequence: MetricSequence;
}

/**
 * Writes one record as one item of a metrics file.
 *
 * @param values The metrics by name; every value is written as a float.
 * @param sequence Epoch, step and time; the timestamp holds no quote and no line break.
 * @returns The item's lines, with a final line break.
 */
export type RecordEncoder = (
  values: Readonly<Record<string, number>>,
  sequence: MetricSequence,
) => string;

/** How many names an encoder keeps before it starts anew. */
const MAX_KEPT_NAMES = 4096;

/** The column of the metrics' names within an item. */
const NAME_INDENT = 4;

/**
 * Makes an encoder of metric records, which remembers how the names that it has seen are written.
 *
 * @returns The encoder.
 */
export function createRecordEncoder(): RecordEncoder {
  const prefixes = new Map<string, string>();

  function addPrefix(name: string): string {
    if (prefixes.size >= MAX_KEPT_NAMES) prefixes.clear();
    const prefix = `${" ".repeat(NAME_INDENT)}${formatKey(name, NAME_INDENT)} `;
    prefixes.set(name, prefix);
    return prefix;
  }

  return (values, sequence) => {
    let lines = "";
    for (const name in values) {
      const value = values[name];
      if (value === undefined) continue;
      lines += (prefixes.get(name) ?? addPrefix(name)) + formatFloat(value) +
        "\n";
    }
    const { epoch, step, timestamp } = sequence;
    return (lines === "" ? "- value: {}\n" : "- value:\n" + lines) +
      "  sequence:\n    epoch: " +
      (epoch === null ? "null" : formatNumber(epoch)) + "\n    step: " +
      formatNumber(step) + "\n    timestamp: '" + timestamp + "'\n";
  };
}
