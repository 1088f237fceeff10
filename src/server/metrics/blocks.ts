/**
 * How the points of a series and their summaries lie in the database.
 *
 * Points stand in rows of 256. Above them is a pyramid: a summary of level 1 is of 16 points, one of level 2 of 256, one of
 * level 3 of 4096. Every 4096 points their summaries are written, so that of the last points there are none yet, and what a
 * further point costs does not depend on how many there are.
 *
 * @module
 */

import { ColumnReader, type Columns, encodeColumns } from "./column_codec.ts";
import type { IndexDatabase } from "./index_database.ts";

/** Points of which the lowest level of the pyramid makes one summary, and summaries of which the next makes one. */
export const FANOUT = 16;

/** How many levels there are above the points, which are level 0. */
export const LEVELS = 3;

/** How many points a row holds. */
export const POINTS_PER_ROW = 256;

/** How many points have their summaries written together: as many as a summary of the highest level is of. */
export const POINTS_PER_CHUNK = FANOUT ** LEVELS;

/** How many entries a row of each level holds. */
const ENTRIES_PER_ROW: readonly number[] = [
  POINTS_PER_ROW,
  POINTS_PER_CHUNK / FANOUT,
  256,
  256,
];

const SERIES_SHIFT = 2 ** 30;
const LEVEL_SHIFT = 2 ** 28;

/** A row: points of a series, or summaries of a level. */
export interface BlockAddress {
  /** The series. */
  readonly series: number;
  /** The level; 0 are the points. */
  readonly level: number;
  /** Which row of that level, from 0. */
  readonly number: number;
}

/**
 * How many entries a row of a level holds.
 *
 * @param level The level.
 * @returns As many as are in all its rows but the last.
 */
export function entriesPerRow(level: number): number {
  return ENTRIES_PER_ROW[level] as number;
}

/**
 * How many points an entry of a level is of.
 *
 * @param level The level.
 * @returns 1 for the points themselves.
 */
export function pointsPerEntry(level: number): number {
  return FANOUT ** level;
}

/** Reads rows. */
export class BlockReader {
  readonly #get;
  readonly #range;

  /** @param database The index. */
  constructor(database: IndexDatabase) {
    this.#get = database.query<{ data: Uint8Array }>(
      "SELECT data FROM blocks WHERE id = ?",
    );
    this.#range = database.query<{ data: Uint8Array }>(
      "SELECT data FROM blocks WHERE id BETWEEN ? AND ? ORDER BY id",
    );
  }

  /**
   * Reads a row.
   *
   * @param address Which one.
   * @returns Its columns; undefined if it is not there.
   */
  read(address: BlockAddress): ColumnReader | undefined {
    const row = this.#get.get(idOf(address));
    return row && new ColumnReader(row.data);
  }

  /**
   * Reads rows that lie one after the other.
   *
   * @param address The first.
   * @param count How many.
   * @returns Those that are there.
   */
  readMany(address: BlockAddress, count: number): ColumnReader[] {
    const first = idOf(address);
    return this.#range.all(first, first + count - 1)
      .map(({ data }) => new ColumnReader(data));
  }
}

/** Writes rows. */
export class BlockWriter extends BlockReader {
  readonly #put;
  readonly #delete;

  /** @param database The index. */
  constructor(database: IndexDatabase) {
    super(database);
    this.#put = database.command("INSERT OR REPLACE INTO blocks VALUES (?, ?)");
    this.#delete = database.command(
      "DELETE FROM blocks WHERE id BETWEEN ? AND ?",
    );
  }

  /**
   * Writes a row in place of the one that is there.
   *
   * @param address Which one.
   * @param columns Its columns.
   * @param length How many entries of them count.
   */
  write(address: BlockAddress, columns: Columns, length: number): void {
    this.#put(idOf(address), encodeColumns(columns, length));
  }

  /**
   * Deletes all rows of a series.
   *
   * @param series The series.
   */
  deleteSeries(series: number): void {
    const first = series * SERIES_SHIFT;
    this.#delete(first, first + SERIES_SHIFT - 1);
  }
}

function idOf({ series, level, number }: BlockAddress): number {
  const id = series * SERIES_SHIFT + level * LEVEL_SHIFT + number;
  if (number < LEVEL_SHIFT && Number.isSafeInteger(id)) return id;
  throw new RangeError(`Series ${series} is too long for the index`);
}
