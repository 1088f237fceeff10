/**
 * Reads the points of one series and their pyramid.
 *
 * @module
 */

import {
  type BlockReader,
  entriesPerRow,
  POINTS_PER_CHUNK,
  pointsPerEntry,
} from "./blocks.ts";
import type { ColumnReader } from "./column_codec.ts";

/** How many rows are read at once where many are wanted. */
const ROWS_AT_ONCE = 64;

/** Where an entry stands: a point, or a summary. */
export interface Entry {
  /** The columns of its row. */
  readonly columns: ColumnReader;
  /** Its place in them. */
  readonly row: number;
}

/** The points of one series, and the summaries above them. A row is read once. */
export class SeriesTree {
  /** How many points there are. */
  readonly count: number;
  /** Up to which point there are summaries. */
  readonly summarized: number;
  readonly #blocks: BlockReader;
  readonly #series: number;
  readonly #rows: Map<number, ColumnReader>[] = [];

  /**
   * @param blocks The rows.
   * @param series The series, and how many points it has.
   */
  constructor(
    blocks: BlockReader,
    series: { readonly id: number; readonly count: number },
  ) {
    this.#blocks = blocks;
    this.#series = series.id;
    this.count = series.count;
    this.summarized = series.count - series.count % POINTS_PER_CHUNK;
  }

  /**
   * Finds an entry.
   *
   * @param level Its level; 0 for a point.
   * @param index Which one, from 0.
   * @returns Where it stands.
   */
  entry(level: number, index: number): Entry {
    const perRow = entriesPerRow(level);
    const row = index % perRow;
    return { columns: this.#row(level, (index - row) / perRow), row };
  }

  /**
   * Reads entries ahead that are wanted next.
   *
   * @param level Their level.
   * @param start The first.
   * @param end The one after the last.
   */
  readAhead(level: number, start: number, end: number): void {
    const perRow = entriesPerRow(level);
    const last = Math.ceil(end / perRow);
    const rows = this.#rows[level] ??= new Map();
    for (let number = Math.floor(start / perRow); number < last;) {
      const count = Math.min(ROWS_AT_ONCE, last - number);
      const read = this.#blocks.readMany(
        { series: this.#series, level, number },
        count,
      );
      if (read.length < count) throw this.#missing(level, number + read.length);
      for (const row of read) rows.set(number++, row);
    }
  }

  /**
   * How many points an entry is of.
   *
   * @param level Its level.
   * @returns How many.
   */
  points(level: number): number {
    return pointsPerEntry(level);
  }

  #row(level: number, number: number): ColumnReader {
    const rows = this.#rows[level] ??= new Map();
    const known = rows.get(number);
    if (known !== undefined) return known;
    const series = this.#series;
    const row = this.#blocks.read({ series, level, number });
    if (row === undefined) throw this.#missing(level, number);
    rows.set(number, row);
    return row;
  }

  #missing(level: number, number: number): Error {
    return new Error(
      `The index lacks row ${number} of level ${level} of series ${this.#series}`,
    );
  }
}
