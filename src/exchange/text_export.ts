import type { MetricItem } from "../format/metric_reader.ts";
import { exactJson } from "./exact_json.ts";
import { streamRecords } from "./record_stream.ts";
import type { RunSource } from "./run_source.ts";

/** What an export did. */
export interface ExportTally {
  /** How many records it read. */
  readonly records: number;
  /** What it could not take over, in sentences. */
  readonly notes: readonly string[];
}

/** Takes the text of an export, piece by piece. */
export type TextSink = (text: string) => void;

/** How much text is put together before it goes out, in characters. */
const PIECE_CHARS = 64 * 1024;

/**
 * Writes a run's metrics as JSON lines: one record a line, with `type`, `step`, `epoch`, `time` and `values`. NaN and the
 * infinities are the texts `"NaN"`, `"Infinity"` and `"-Infinity"`.
 *
 * @param run The run.
 * @param sink Takes the text.
 * @returns What was written.
 */
export function exportJsonl(
  run: RunSource,
  sink: TextSink,
): Promise<ExportTally> {
  return exportLines(run, sink, (type) => {
    const head = `{"type":${JSON.stringify(type)},"step":`;
    return (item) => {
      const { names, values, step, epoch, timestamp } = item;
      let line = `${head}${exactJson(step)},"epoch":${exactJson(epoch)},` +
        `"time":${JSON.stringify(timestamp)},"values":{`;
      for (let at = 0; at < names.length; at++) {
        if (at > 0) line += ",";
        line += `${JSON.stringify(names[at])}:${exactJson(values[at])}`;
      }
      return `${line}}}\n`;
    };
  });
}

/**
 * Writes a run's metrics as CSV after RFC 4180, with `\n` at the ends of lines: one value a line, under
 * `type,name,step,epoch,time,value`. NaN and the infinities are `NaN`, `Infinity` and `-Infinity`.
 *
 * @param run The run.
 * @param sink Takes the text.
 * @returns What was written.
 */
export function exportCsv(
  run: RunSource,
  sink: TextSink,
): Promise<ExportTally> {
  sink("type,name,step,epoch,time,value\n");
  return exportLines(run, sink, (type) => {
    const head = cell(type);
    return ({ names, values, step, epoch, timestamp }) => {
      const place = `${cell(step)},${cell(epoch)},${cell(timestamp)}`;
      let lines = "";
      for (let at = 0; at < names.length; at++) {
        lines += `${head},${cell(names[at])},${place},${cell(values[at])}\n`;
      }
      return lines;
    };
  });
}

/**
 * Writes a run's metrics as CSV with one record a line and one column a metric. It reads the run twice: the first time
 * for the names of the columns.
 *
 * @param run The run.
 * @param sink Takes the text.
 * @returns What was written.
 */
export async function exportWideCsv(
  run: RunSource,
  sink: TextSink,
): Promise<ExportTally> {
  const names = new Set<string>();
  let last: readonly string[] = [];
  await exportLines(run, () => {}, () => (item) => {
    if (item.names === last) return "";
    last = item.names;
    last.forEach((name) => names.add(name));
    return "";
  });
  const columns = [...names];
  sink(
    `${["type", "step", "epoch", "time", ...columns].map(cell).join(",")}\n`,
  );
  return await exportLines(run, sink, (type) => {
    const head = cell(type);
    return (item) => {
      const { step, epoch, timestamp } = item;
      const cells = columns.map((name) => {
        const at = item.names.indexOf(name);
        return at < 0 ? "" : cell(item.values[at]);
      });
      return `${
        [head, cell(step), cell(epoch), cell(timestamp), ...cells].join(",")
      }\n`;
    };
  });
}

/** Makes the lines of each record, type by type. */
async function exportLines(
  run: RunSource,
  sink: TextSink,
  linesOf: (type: string) => (item: MetricItem) => string,
): Promise<ExportTally> {
  const notes: string[] = [];
  let records = 0;
  let text = "";
  for (const type of run.types) {
    const lines = linesOf(type);
    records += await streamRecords(await run.metrics(type), {
      rewind: await run.rewind(type),
      visit(item) {
        text += lines(item);
        if (text.length < PIECE_CHARS) return;
        sink(text);
        text = "";
      },
      onProblem: (problem) => notes.push(`${type}: ${problem}`),
    });
  }
  if (text !== "") sink(text);
  return { records, notes };
}

/** A cell of CSV; empty for null. What Python wrote for a step may be any scalar. */
function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number") {
    return Object.is(value, -0) ? "-0" : `${value}`;
  }
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
