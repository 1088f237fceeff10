/**
 * What the index knows of runs, apart from points.
 *
 * @module
 */

import type { Fact } from "./facts.ts";
import { fold } from "./fold.ts";
import type { IndexDatabase } from "./index_database.ts";
import type { MetricsSource, SourceObject } from "./sources.ts";

/** What was read of an object. */
export interface KnownSource extends MetricsSource, SourceObject {}

interface SourceRow extends SourceObject {
  readonly generation: number;
  readonly parsed: number;
  readonly rewind: string;
  readonly records: number;
  readonly torn: number;
  readonly problem: string | null;
}

/** What a run's metadata says. */
export interface RunFacts {
  /** Such as `Running`. */
  readonly status: string | null;
  /** When it began, in milliseconds since 1970. */
  readonly started: number | null;
  /** When it ended. */
  readonly ended: number | null;
  /** Its unique name. */
  readonly alternative: string | null;
}

/** The runs and their sources; every method is part of a transaction of the caller's. */
export class RunRecords {
  readonly #run;
  readonly #insertRun;
  readonly #touch;
  readonly #next;
  readonly #setFacts;
  readonly #setTypes;
  readonly #setSearch;
  readonly #source;
  readonly #putSource;
  readonly #deleteSource;
  readonly #column;
  readonly #insertColumn;
  readonly #putFact;
  readonly #deleteFacts;
  readonly #deleteRun;
  readonly #deleteSources;
  readonly #types;
  readonly #columns = new Map<string, number>();

  /** @param database The index. */
  constructor(database: IndexDatabase) {
    this.#run = database.query<{ id: number }>(
      "SELECT id FROM runs WHERE node = ?",
    );
    this.#insertRun = database.query<{ id: number }>(
      "INSERT INTO runs (node, seq) VALUES (?, 0) RETURNING id",
    );
    this.#touch = database.query<{ seq: number }>(
      "UPDATE runs SET seq = ? WHERE id = ? RETURNING seq",
    );
    this.#next = database.query<{ seq: number }>(
      "UPDATE counters SET seq = seq + 1 RETURNING seq",
    );
    this.#setFacts = database.command(
      "UPDATE runs SET status = ?, started = ?, ended = ?, alternative = ? WHERE id = ?",
    );
    this.#setTypes = database.command("UPDATE runs SET types = ? WHERE id = ?");
    this.#setSearch = database.command(
      "UPDATE runs SET search = ? WHERE id = ?",
    );
    this.#source = database.query<SourceRow>(
      "SELECT * FROM sources WHERE run = ? AND key = ?",
    );
    this.#putSource = database.command(
      "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    );
    this.#deleteSource = database.command(
      "DELETE FROM sources WHERE run = ? AND key = ?",
    );
    this.#column = database.query<{ id: number }>(
      "SELECT id FROM columns WHERE kind = ? AND path = ?",
    );
    this.#insertColumn = database.query<{ id: number }>(
      "INSERT INTO columns (kind, path) VALUES (?, ?) RETURNING id",
    );
    this.#putFact = database.command(
      "INSERT OR REPLACE INTO facts VALUES (?, ?, ?, ?, ?, ?)",
    );
    this.#deleteFacts = database.command(
      `DELETE FROM facts WHERE run = ?1 AND column IN (SELECT id FROM columns WHERE kind = ?2)`,
    );
    this.#deleteSources = database.command(
      "DELETE FROM sources WHERE run = ?",
    );
    this.#deleteRun = database.command("DELETE FROM runs WHERE id = ?");
    this.#types = database.query<{ type: string }>(
      "SELECT DISTINCT type FROM series WHERE run = ?",
    );
  }

  /**
   * Finds a run.
   *
   * @param node The node's id.
   * @returns Its number; undefined if it is not indexed.
   */
  find(node: string): number | undefined {
    return this.#run.get(node)?.id;
  }

  /**
   * Finds a run or begins it.
   *
   * @param node The node's id.
   * @returns Its number.
   */
  findOrInsert(node: string): number {
    const id = this.find(node) ?? this.#insertRun.get(node)?.id;
    if (id === undefined) throw new Error("A run was not made");
    return id;
  }

  /**
   * Gives a run the next version.
   *
   * @param run The run.
   * @returns The version.
   */
  touch(run: number): number {
    return this.#touch.get(this.next(), run)?.seq ?? 0;
  }

  /** @returns A number above all that were given. */
  next(): number {
    return this.#next.get()?.seq ?? 0;
  }

  /**
   * Says what the metadata of a run say.
   *
   * @param run The run.
   * @param facts What they say.
   */
  setFacts(run: number, facts: RunFacts): void {
    const { status, started, ended, alternative } = facts;
    this.#setFacts(status, started, ended, alternative, run);
  }

  /**
   * Says in which order a run used metric types.
   *
   * @param run The run.
   * @param types The types.
   */
  setTypes(run: number, types: readonly string[]): void {
    this.#setTypes(JSON.stringify(types), run);
  }

  /**
   * What was read of an object.
   *
   * @param run The run.
   * @param key The object's key.
   * @returns What was read; undefined if nothing was.
   */
  source(run: number, key: string): KnownSource | undefined {
    const row = this.#source.get(run, key);
    return row && {
      ...row,
      torn: row.torn !== 0,
      problem: row.problem === null ? undefined : JSON.parse(row.problem),
    };
  }

  /**
   * Says what was read of an object.
   *
   * @param run The run.
   * @param key The object's key, and the type of its metrics.
   * @param source What was read.
   */
  putSource(
    run: number,
    { key, type }: { readonly key: string; readonly type: string | null },
    source: KnownSource,
  ): void {
    const { size, md5, file, generation, parsed, rewind, records } = source;
    this.#putSource(
      run,
      key,
      size,
      md5,
      file,
      type,
      generation,
      parsed,
      rewind,
      records,
      Number(source.torn),
      source.problem === undefined ? null : JSON.stringify(source.problem),
    );
  }

  /**
   * Forgets an object.
   *
   * @param run The run.
   * @param key The object's key.
   * @returns Whether it was known.
   */
  deleteSource(run: number, key: string): boolean {
    return this.#deleteSource(run, key) > 0;
  }

  /**
   * The number of a column.
   *
   * @param kind What it is of, such as `hparams`.
   * @param path Its path.
   * @returns Its number.
   */
  column(kind: string, path: string): number {
    const name = `${kind}\0${path}`;
    const known = this.#columns.get(name);
    if (known !== undefined) return known;
    const id = this.#column.get(kind, path)?.id ??
      this.#insertColumn.get(kind, path)?.id;
    if (id === undefined) throw new Error("A column was not made");
    if (this.#columns.size >= MAX_KNOWN_COLUMNS) this.#columns.clear();
    this.#columns.set(name, id);
    return id;
  }

  /** Forgets what a transaction that was undone has made. */
  forgetColumns(): void {
    this.#columns.clear();
  }

  /**
   * Says what a document says.
   *
   * @param run The run.
   * @param kind What the facts are of.
   * @param facts The facts; they replace the former ones.
   */
  putFacts(run: number, kind: string, facts: readonly Fact[]): void {
    this.#deleteFacts(run, kind);
    for (const [position, { path, type, num, text }] of facts.entries()) {
      this.#putFact(this.column(kind, path), run, position, type, num, text);
    }
    if (kind === "hparams") this.#setSearch(searchText(facts), run);
  }

  /**
   * The metric types of which a run has series.
   *
   * @param run The run.
   * @returns The types.
   */
  types(run: number): string[] {
    return this.#types.all(run).map(({ type }) => type);
  }

  /**
   * Deletes a run that has no series and no facts any more.
   *
   * @param run The run.
   */
  deleteRun(run: number): void {
    this.#deleteSources(run);
    this.#deleteRun(run);
  }
}

/** How much of the hyperparameters of a run is searched, in characters. */
const MAX_SEARCH_TEXT = 20_000;

function searchText(facts: readonly Fact[]): string {
  const lines = facts.map(({ path, num, text }) =>
    `${path}=${text ?? num ?? ""}`
  );
  return fold(lines.join("\n").slice(0, MAX_SEARCH_TEXT).toWellFormed());
}

const MAX_KNOWN_COLUMNS = 50_000;
