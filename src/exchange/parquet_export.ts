import type { SchemaElement } from "hyparquet";
import { fileWriter, ParquetWriter } from "hyparquet-writer";
import { streamRecords } from "./record_stream.ts";
import type { RunSource } from "./run_source.ts";
import type { ExportTally } from "./text_export.ts";
import { timestampMicros } from "./timestamp_micros.ts";

/** How many values are kept before they are written. */
const GROUP_ROWS = 100_000;

const SCHEMA: SchemaElement[] = [
  { name: "metrics", num_children: 6 },
  text("type"),
  text("name"),
  { name: "step", type: "DOUBLE", repetition_type: "REQUIRED" },
  { name: "epoch", type: "DOUBLE", repetition_type: "OPTIONAL" },
  {
    name: "time",
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
    repetition_type: "OPTIONAL",
  },
  { name: "value", type: "DOUBLE", repetition_type: "REQUIRED" },
];

/**
 * Writes a run's metrics as a Parquet file: one value a row, under `type`, `name`, `step`, `epoch`, `time` (UTC,
 * microseconds) and `value`. NaN and the infinities are what they are.
 *
 * @param run The run.
 * @param path The file, which is replaced if there is one.
 * @returns What was written.
 */
export async function exportParquet(
  run: RunSource,
  path: string,
): Promise<ExportTally> {
  const writer = new ParquetWriter({
    writer: fileWriter(path),
    schema: SCHEMA,
    createdBy: "@t9k/em",
  });
  const notes: string[] = [];
  let records = 0;
  let rows = new Rows();
  const flush = async () => {
    if (rows.length === 0) return;
    const columnData = rows.columns();
    rows = new Rows();
    await writer.write({ columnData, rowGroupSize: GROUP_ROWS });
  };
  for (const type of run.types) {
    records += await streamRecords(await run.metrics(type), {
      rewind: await run.rewind(type),
      visit({ names, values, step, epoch, timestamp }) {
        for (let at = 0; at < names.length; at++) {
          rows.type.push(type);
          rows.name.push(String(names[at]));
          rows.step.push(Number(step));
          rows.epoch.push(epoch === null ? null : Number(epoch));
          const micros = timestampMicros(timestamp);
          rows.time.push(micros === undefined ? null : BigInt(micros));
          rows.value.push(Number(values[at]));
        }
      },
      onProblem: (problem) => notes.push(`${type}: ${problem}`),
      onPause: () => rows.length < GROUP_ROWS ? undefined : flush(),
    });
  }
  await flush();
  await writer.finish();
  return { records, notes };
}

/** Values that are not written yet. */
class Rows {
  readonly type: string[] = [];
  readonly name: string[] = [];
  readonly step: number[] = [];
  readonly epoch: (number | null)[] = [];
  readonly time: (bigint | null)[] = [];
  readonly value: number[] = [];

  get length(): number {
    return this.value.length;
  }

  columns() {
    const { type, name, step, epoch, time, value } = this;
    return [
      { name: "type", data: type },
      { name: "name", data: name },
      { name: "step", data: step },
      { name: "epoch", data: epoch },
      { name: "time", data: time },
      // Readers skip what lies outside of the bounds, and NaN lies nowhere.
      { name: "value", data: value, statistics: false },
    ];
  }
}

function text(name: string): SchemaElement {
  return {
    name,
    type: "BYTE_ARRAY",
    converted_type: "UTF8",
    repetition_type: "REQUIRED",
  };
}
