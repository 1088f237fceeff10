/**
 * The series of one metrics file.
 *
 * @module
 */

import type { BlockWriter } from "./blocks.ts";
import type { IndexDatabase } from "./index_database.ts";
import {
  decodeSeriesState,
  encodeSeriesState,
  type SeriesState,
} from "./series_state.ts";
import { SeriesWriter } from "./series_writer.ts";
import { POINT, SUM } from "./summary.ts";

/** What {@linkcode SeriesSet} works on. */
export interface SeriesSetOptions {
  /** The index. */
  readonly database: IndexDatabase;
  /** The points. */
  readonly blocks: BlockWriter;
  /** The statements. */
  readonly statements: SeriesStatements;
  /** The run. */
  readonly run: number;
  /** The metric type. */
  readonly type: string;
  /** Gives the number of a column. */
  readonly columnOf: (path: string) => number;
}

/** The statements by which series are kept; they are shared by all sets. */
export class SeriesStatements {
  /** Finds those of a run and type. */
  readonly find;
  /** Makes one. */
  readonly insert;
  /** Changes one. */
  readonly update;
  /** Deletes one. */
  readonly delete;

  /** @param database The index. */
  constructor(database: IndexDatabase) {
    this.find = database.query<
      { id: number; name: string; summary: Uint8Array }
    >(
      "SELECT id, name, summary FROM series WHERE run = ? AND type = ? ORDER BY position",
    );
    this.insert = database.query<{ id: number }>(
      `INSERT INTO series (run, column, type, name, position, count, nan, pos_inf, neg_inf, summary)
       VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, x'') RETURNING id`,
    );
    this.update = database.command(
      `UPDATE series SET count = ?, first = ?, last = ?, min = ?, max = ?, mean = ?,
       nan = ?, pos_inf = ?, neg_inf = ?, summary = ? WHERE id = ?`,
    );
    this.delete = database.command("DELETE FROM series WHERE id = ?");
  }
}

/** How many metrics of one type a run may have. */
export const MAX_SERIES = 20_000;

/** The series of one metrics file, made when their first point comes. */
export class SeriesSet {
  readonly #options: SeriesSetOptions;
  readonly #byName = new Map<string, SeriesWriter>();
  #isFull = false;
  /** The scanner gives the same array for records with the same names. */
  #byNames = new Map<
    readonly string[],
    readonly (SeriesWriter | undefined)[]
  >();

  /** @param options What to work on. */
  constructor(options: SeriesSetOptions) {
    this.#options = options;
    const { statements, run, type, blocks } = options;
    for (const { id, name, summary } of statements.find.all(run, type)) {
      const state = decodeSeriesState(summary);
      this.#byName.set(name, new SeriesWriter({ series: id, blocks, state }));
    }
  }

  /** How many series there are. */
  get size(): number {
    return this.#byName.size;
  }

  /** Whether some have been left out because there are too many. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /**
   * The series of a record's values.
   *
   * @param names The names of the values.
   * @returns A series for each; undefined for those that are too many.
   */
  writers(names: readonly string[]): readonly (SeriesWriter | undefined)[] {
    const known = this.#byNames.get(names);
    if (known !== undefined) return known;
    const writers = names.map((name) => this.#writer(name));
    this.#byNames.set(names, writers);
    return writers;
  }

  /** Writes what is not written yet; part of a transaction of the caller's. */
  flush(): void {
    this.#byNames = new Map();
    for (const writer of this.#byName.values()) {
      const state = writer.flush();
      if (state !== undefined) this.#update(writer.series, state);
    }
  }

  /** Deletes all series; part of a transaction of the caller's. */
  clear(): void {
    const { statements, blocks, run, type } = this.#options;
    for (const { id } of statements.find.all(run, type)) {
      blocks.deleteSeries(id);
      statements.delete(id);
    }
    this.#byName.clear();
    this.#byNames = new Map();
  }

  #writer(name: string): SeriesWriter | undefined {
    const known = this.#byName.get(name);
    if (known !== undefined) return known;
    if (this.#byName.size >= MAX_SERIES) {
      this.#isFull = true;
      return undefined;
    }
    const { statements, run, type, blocks, columnOf } = this.#options;
    const column = columnOf(`${type}/${name}`);
    const position = this.#byName.size;
    const series = statements.insert.get(run, column, type, name, position)?.id;
    if (series === undefined) throw new Error("A series was not made");
    const writer = new SeriesWriter({ series, blocks });
    this.#byName.set(name, writer);
    return writer;
  }

  #update(series: number, { first, last, summary }: SeriesState): void {
    const at = (column: number) => summary[column] as number;
    const finite = at(SUM.finite);
    // SQLite has no NaN; it stores NULL.
    this.#options.statements.update(
      at(SUM.count),
      first[POINT.value],
      last[POINT.value],
      at(SUM.min),
      at(SUM.max),
      finite === 0 ? NaN : at(SUM.sum) / finite,
      at(SUM.nan),
      at(SUM.posInf),
      at(SUM.negInf),
      encodeSeriesState({ first, last, summary }),
      series,
    );
  }
}
