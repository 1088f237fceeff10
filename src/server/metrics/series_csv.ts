/**
 * Series as CSV.
 *
 * @module
 */

import { BlockReader, POINTS_PER_ROW } from "./blocks.ts";
import type { IndexDatabase } from "./index_database.ts";
import { MICROS_PER_MS } from "./micros.ts";
import type { WantedSeries } from "./points_answer.ts";
import { SeriesList } from "./series_list.ts";
import { POINT } from "./summary.ts";

/** A series to be exported. */
export interface CsvSeries extends WantedSeries {
  /** What its run is called. */
  readonly run: string;
}

const HEADER = "run,node,type,metric,step,epoch,time,value\r\n";

/** How many rows of points are read at once. */
const ROWS_AT_ONCE = 16;

/**
 * Writes series as CSV (RFC 4180), a line for each point. Times are ISO 8601 in UTC with microseconds; what is no number is
 * `NaN`, `Infinity` or `-Infinity`; what is not there is empty.
 *
 * @param database The index.
 * @param list The series.
 * @yields The text, piece by piece.
 */
export function* seriesToCsv(
  database: IndexDatabase,
  list: readonly CsvSeries[],
): Generator<string> {
  yield HEADER;
  const blocks = new BlockReader(database);
  const find = new SeriesList(database);
  for (const wanted of list) {
    const { run, node, type, name } = wanted;
    const head = [run, node, type, name].map(quoted).join(",");
    const series = find.find(node, wanted);
    const count = series?.count ?? 0;
    for (let at = 0; at < count; at += ROWS_AT_ONCE * POINTS_PER_ROW) {
      // Between two pieces the file may have been replaced: what is exported then is cut off.
      const now = find.find(node, wanted);
      if (series === undefined || now?.generation !== series.generation) return;
      const rows = blocks.readMany(
        { series: series.id, level: 0, number: at / POINTS_PER_ROW },
        ROWS_AT_ONCE,
      );
      let text = "";
      let left = count - at;
      for (const row of rows) {
        const columns = row.all;
        const length = Math.min(row.length, left);
        left -= length;
        for (let index = 0; index < length; index++) {
          const value = (column: number) => columns[column]?.[index] ?? NaN;
          text += `${head},${known(value(POINT.step))},${
            known(value(POINT.epoch))
          },${toTime(value(POINT.time))},${value(POINT.value)}\r\n`;
        }
      }
      yield text;
    }
  }
}

/** A text that begins like a formula would be one in a spreadsheet. */
function quoted(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

function known(x: number): string {
  return Number.isNaN(x) ? "" : String(x);
}

function toTime(micros: number): string {
  if (Number.isNaN(micros)) return "";
  const second = Math.floor(micros / 1e6);
  const fraction = String(micros - second * 1e6).padStart(6, "0");
  return new Date(second * 1e6 / MICROS_PER_MS).toISOString()
    .replace(".000Z", `.${fraction}Z`);
}
