/**
 * Makes a series longer.
 *
 * @module
 */

import {
  type BlockWriter,
  entriesPerRow,
  FANOUT,
  LEVELS,
  POINTS_PER_CHUNK,
  POINTS_PER_ROW,
} from "./blocks.ts";
import type { ColumnReader } from "./column_codec.ts";
import type { Point, SeriesState } from "./series_state.ts";
import {
  addSummary,
  mergeSummary,
  POINT_COLUMNS,
  SUM,
  SUM_COLUMNS,
  summarize,
  Table,
} from "./summary.ts";

/** What {@linkcode SeriesWriter} works on. */
export interface SeriesWriterOptions {
  /** The series. */
  readonly series: number;
  /** The database. */
  readonly blocks: BlockWriter;
  /** What there is of it already. */
  readonly state?: SeriesState | undefined;
}

/** Takes the points of one series, within transactions of the caller's. */
export class SeriesWriter {
  /** The series. */
  readonly series: number;
  readonly #blocks: BlockWriter;
  /** The points of the last row. */
  readonly #tail: Table;
  readonly #total: Table;
  #first: Point;
  /** How many points of the tail are in the total. */
  #summarized: number;
  #flushed: number;

  /** @param options What to work on. */
  constructor({ series, blocks, state }: SeriesWriterOptions) {
    this.series = series;
    this.#blocks = blocks;
    this.#total = new Table(SUM_COLUMNS, 1);
    addSummary(this.#total);
    this.#first = state?.first ?? [NaN, NaN, NaN, NaN];
    for (const [column, value] of state?.summary.entries() ?? []) {
      this.#columnOf(column)[0] = value;
    }
    this.#tail = new Table(POINT_COLUMNS, 0);
    const length = this.#written % POINTS_PER_ROW;
    if (length > 0) this.#readTail();
    this.#summarized = this.#tail.length;
    this.#flushed = this.#written;
  }

  /** How many points there are. */
  get count(): number {
    return this.#written + this.#tail.length - this.#summarized;
  }

  /**
   * Takes a point.
   *
   * @param step Its step.
   * @param epoch Its epoch.
   * @param time Its time.
   * @param value Its value.
   */
  add(step: number, epoch: number, time: number, value: number): void {
    const tail = this.#tail;
    tail.reserve();
    const row = tail.length++;
    const [steps, epochs, times, values] = tail.columns;
    (steps as Float64Array)[row] = step;
    (epochs as Float64Array)[row] = epoch;
    (times as Float64Array)[row] = time;
    (values as Float64Array)[row] = value;
    if (tail.length === POINTS_PER_ROW) this.#endRow();
  }

  /**
   * Writes what is not written yet.
   *
   * @returns What is known of the series then; undefined if nothing is new.
   */
  flush(): SeriesState | undefined {
    const { count } = this;
    if (count === this.#flushed) return undefined;
    const tail = this.#tail;
    this.#summarize();
    if (tail.length > 0) this.#writeTail();
    this.#flushed = count;
    return {
      first: this.#first,
      last: this.#last(),
      summary: this.#total.columns.map((column) => column[0] as number),
    };
  }

  #lastPoint: Point | undefined;

  #last(): Point {
    const { length } = this.#tail;
    if (length > 0) this.#lastPoint = this.#point(length - 1);
    return this.#lastPoint ?? [NaN, NaN, NaN, NaN];
  }

  #point(row: number): Point {
    const [step = NaN, epoch = NaN, time = NaN, value = NaN] = this.#tail
      .columns.map((column) => column[row] as number);
    return [step, epoch, time, value];
  }

  /** How many points are in the total. */
  get #written(): number {
    return this.#columnOf(SUM.count)[0] as number;
  }

  #columnOf(column: number): Float64Array {
    return this.#total.columns[column] as Float64Array;
  }

  #summarize(): void {
    const { length, columns } = this.#tail;
    if (length === this.#summarized) return;
    const before = this.#written;
    if (before === 0) this.#first = this.#point(0);
    summarize(this.#total.columns, 0, {
      points: columns,
      start: this.#summarized,
      end: length,
      first: before - this.#summarized,
    });
    this.#summarized = length;
  }

  #endRow(): void {
    this.#summarize();
    this.#writeTail();
    this.#last();
    this.#tail.length = 0;
    this.#summarized = 0;
    if (this.#written % POINTS_PER_CHUNK === 0) this.#endChunk();
  }

  #writeTail(): void {
    const number = Math.ceil(this.#written / POINTS_PER_ROW) - 1;
    const { columns, length } = this.#tail;
    this.#blocks.write(
      { series: this.series, level: 0, number },
      columns,
      length,
    );
  }

  #readTail(): void {
    const number = Math.floor(this.#written / POINTS_PER_ROW);
    const row = this.#blocks.read({ series: this.series, level: 0, number });
    const length = this.#written % POINTS_PER_ROW;
    if (row?.length !== length) {
      throw new Error(`Series ${this.series} lacks its last row`);
    }
    while ((this.#tail.columns[0]?.length ?? 0) < length) {
      this.#tail.length = this.#tail.columns[0]?.length ?? 0;
      this.#tail.reserve();
    }
    this.#tail.length = length;
    for (const [index, column] of this.#tail.columns.entries()) {
      column.set(row.column(index));
    }
  }

  /** Writes the summaries of the last 4096 points. */
  #endChunk(): void {
    const { series } = this;
    const end = this.#written;
    const chunk = end / POINTS_PER_CHUNK - 1;
    const rows = POINTS_PER_CHUNK / POINTS_PER_ROW;
    const points = this.#blocks.readMany(
      { series, level: 0, number: chunk * rows },
      rows,
    );
    let summaries = summarizeRows(points, end - POINTS_PER_CHUNK);
    for (let level = 1; level <= LEVELS; level++) {
      if (level > 1) summaries = merged(summaries);
      this.#addSummaries(level, chunk * summaries.length, summaries);
    }
  }

  /** Of the higher levels a row holds the summaries of many chunks. */
  #addSummaries(level: number, first: number, summaries: Table): void {
    const perRow = entriesPerRow(level);
    const row = first % perRow;
    const address = {
      series: this.series,
      level,
      number: (first - row) / perRow,
    };
    const before = row === 0 ? undefined : this.#blocks.read(address);
    const length = row + summaries.length;
    const columns = summaries.columns.map((column, index) => {
      const longer = new Float64Array(length);
      if (before) longer.set(before.column(index).subarray(0, row));
      longer.set(column.subarray(0, summaries.length), row);
      return longer;
    });
    this.#blocks.write(address, columns, length);
  }
}

/** Summaries of 16 points each, of rows of points. */
function summarizeRows(rows: readonly ColumnReader[], first: number): Table {
  const table = new Table(SUM_COLUMNS, POINTS_PER_CHUNK / FANOUT);
  let index = first;
  for (const row of rows) {
    const points = row.all;
    for (let start = 0; start < row.length; start += FANOUT) {
      summarize(table.columns, addSummary(table), {
        points,
        start,
        end: start + FANOUT,
        first: index,
      });
    }
    index += row.length;
  }
  return table;
}

/** Summaries of 16 summaries each. */
function merged(table: Table): Table {
  const above = new Table(SUM_COLUMNS, table.length / FANOUT);
  for (let row = 0; row < table.length; row++) {
    const into = row % FANOUT === 0 ? addSummary(above) : above.length - 1;
    mergeSummary({ columns: above.columns, row: into }, {
      columns: table.columns,
      row,
    });
  }
  return above;
}
