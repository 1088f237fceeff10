/**
 * The series of runs.
 *
 * @module
 */

import { compareShown, readShownType } from "../../format/metric_key.ts";
import { limitsIn } from "../../format/rewind.ts";
import { jsonNumber } from "./json_numbers.ts";
import type { IndexDatabase } from "./index_database.ts";
import { type Metrics, toPointAnswer } from "./series_answer.ts";
import { decodeSeriesState } from "./series_state.ts";
import { SUM } from "./summary.ts";

/** A series as it is stored. */
export interface SeriesRow {
  /** Its number. */
  readonly id: number;
  /** Its metric type. */
  readonly type: string;
  /** Its name. */
  readonly name: string;
  /** How many points it has. */
  readonly count: number;
  /** When its run began, in milliseconds since 1970. */
  readonly started: number | null;
  /** Tells one reading of the file from the next. */
  readonly generation: number;
  /** What is known of it. */
  readonly summary: Uint8Array;
}

/** Finds series. */
export class SeriesList {
  readonly #database: IndexDatabase;

  /** @param database The index, and the server's database as `store`. */
  constructor(database: IndexDatabase) {
    this.#database = database;
  }

  /**
   * Finds a series.
   *
   * @param node The node's id.
   * @param series Its type and name.
   * @returns The series, or undefined.
   */
  find(
    node: string,
    { type, name }: { readonly type: string; readonly name: string },
  ): SeriesRow | undefined {
    return this.#database.query<SeriesRow>(
      `SELECT series.id, series.type, name, count, started, generation, summary FROM runs
       JOIN series ON series.run = runs.id
       JOIN sources ON sources.run = runs.id AND sources.type = series.type
       WHERE runs.node = ? AND series.column =
         (SELECT id FROM columns WHERE kind = 'metrics' AND path = ?)`,
    ).get(node, `${type}/${name}`);
  }

  /**
   * Lists what there is of a run.
   *
   * @param node The node's id.
   * @returns Its metrics files and series.
   */
  list(node: string): Metrics {
    const database = this.#database;
    const run = database.query<{ id: number; seq: number; types: string }>(
      "SELECT id, seq, types FROM runs WHERE node = ?",
    ).get(node);
    if (run === undefined) return { version: 0, types: [], series: [] };
    const order: readonly string[] = JSON.parse(run.types);
    const byType = (a: { type: string }, b: { type: string }): number => {
      const at = ({ type }: { type: string }): number => {
        const place = order.indexOf(readShownType(type).type);
        return place < 0 ? order.length : place;
      };
      return at(a) - at(b) || compareShown(a.type, b.type);
    };
    const types = database.query<TypeRow>(
      `SELECT type, generation, parsed, rewind, records, torn, problem,
         (SELECT size FROM objects WHERE node_id = ?2 AND key = sources.key) AS size
       FROM sources WHERE run = ?1 AND type IS NOT NULL ORDER BY type`,
    ).all(run.id, node).sort(byType);
    const rows = database.query<SeriesRow>(
      `SELECT id, type, name, count, summary FROM series WHERE run = ? ORDER BY type, position`,
    ).all(run.id).sort(byType);
    return {
      version: run.seq,
      types: types.map((row) => ({
        type: row.type,
        records: row.records,
        bytes: row.size ?? row.parsed,
        indexedBytes: row.parsed,
        resumedAt: limitsIn(row.rewind),
        isTorn: row.torn !== 0,
        problem: row.problem === null ? null : JSON.parse(row.problem),
      })),
      series: rows.map((row) => {
        const { first, last, summary } = decodeSeriesState(row.summary);
        const at = (column: number) => summary[column] as number;
        const hasFinite = at(SUM.finite) > 0;
        const extreme = (value: number, x: number) =>
          toPointAnswer([at(x), at(x + 1), at(x + 2), at(value)]);
        const generation = types.find(({ type }) => type === row.type)
          ?.generation ?? 0;
        return {
          type: row.type,
          name: row.name,
          count: row.count,
          cursor: `${generation}.${row.count}`,
          first: toPointAnswer(first),
          last: toPointAnswer(last),
          min: hasFinite ? extreme(SUM.min, SUM.minX) : null,
          max: hasFinite ? extreme(SUM.max, SUM.maxX) : null,
          mean: hasFinite ? jsonNumber(at(SUM.sum) / at(SUM.finite)) : null,
          nan: at(SUM.nan),
          posInf: at(SUM.posInf),
          negInf: at(SUM.negInf),
        };
      }),
    };
  }
}

interface TypeRow {
  readonly type: string;
  readonly generation: number;
  readonly parsed: number;
  readonly rewind: string;
  readonly records: number;
  readonly torn: number;
  readonly problem: string | null;
  readonly size: number | null;
}
