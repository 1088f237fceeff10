/**
 * What is known of the runs of a comparison: asked for once, kept while runs come and go, and brought up to date by what changed.
 *
 * @module
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { Columns, FactColumn, Row } from "../../api/types.ts";
import {
  commonColumns,
  groupsOf,
  mergeColumns,
  NODES_AT_ONCE,
} from "./catalogue.ts";
import type { Cell } from "./cells.ts";
import type { RunTableSource, RunTableState } from "./run_table_state.ts";
import { RunValues } from "./run_values.ts";

/** The server takes no more at once. */
const COLUMNS_AT_ONCE = 300;
const ROWS_AT_ONCE = 500;

/** The table. */
export class RunTable {
  readonly #source: RunTableSource;
  readonly #abort = new AbortController();
  readonly #state = signal<RunTableState>({
    turn: 0,
    rowsTurn: 0,
    rows: new Map(),
    gone: [],
    columns: undefined,
    error: undefined,
    isLoading: false,
  });
  readonly #rows = new Map<string, Row>();
  readonly #values = new RunValues();
  /** Of runs that were looked at one by one: the columns that they have. */
  readonly #has = new Map<string, ReadonlySet<string>>();
  readonly #gone = new Set<string>();
  #ids: readonly string[] = [];
  #wanted: ReadonlySet<string> = new Set();
  #columns: Columns | undefined;
  #facts: ReadonlyMap<string, FactColumn> = new Map();
  /** Of which runs `#columns` speaks. */
  #columnsOf: string | undefined;
  /** These runs by groups, with the columns in which all of a group are the same. */
  #groups: readonly {
    readonly ids: readonly string[];
    readonly common: ReadonlySet<string>;
  }[] = [];
  #total = 0;
  #rowsTurn = 0;
  #version = 0;
  #isStale = false;
  #hasStaleNodes = false;
  #isRunning = false;
  /** Whether something was wanted while the last question was thought to be answered. */
  #isAskedAgain = false;

  /** @param source Whom to ask. */
  constructor(source: RunTableSource) {
    this.#source = source;
  }

  /** How it stands. */
  get state(): ReadonlySignal<RunTableState> {
    return this.#state;
  }

  /** Says of which runs it is. */
  setRuns(ids: readonly string[]): void {
    this.#ids = ids;
    this.#run();
  }

  /** Says which columns are shown now. */
  want(columns: Iterable<string>): void {
    this.#wanted = new Set(columns);
    this.#run();
  }

  /** Asks what has changed; with `nodes`, also for what has no version, such as names, and whether nodes are there. */
  refresh(options: { readonly nodes?: boolean } = {}): void {
    if (options.nodes) {
      this.#gone.clear();
      this.#hasStaleNodes = true;
    }
    this.#isStale = true;
    this.#run();
  }

  /** Asks no more. */
  close(): void {
    this.#abort.abort();
  }

  /** What a run has of a column; undefined where that is nothing, or not known yet. */
  cell(column: string, id: string): Cell {
    const value = this.#values.get(column, id);
    if (value !== null) return value;
    return this.#isNull(column, id) ? null : undefined;
  }

  /** Whether the values of a column are known for all runs. */
  isKnown(column: string): boolean {
    return this.#values.isKnown(
      column,
      this.#ids.filter((id) => !this.#gone.has(id)),
    );
  }

  /** The server answers null for what is null and for what is not there. */
  #isNull(column: string, id: string): boolean {
    const fact = this.#facts.get(column);
    if (!fact?.types.includes("null")) return false;
    if (fact.runs >= this.#total) return true;
    return this.#has.get(id)?.has(column) ?? false;
  }

  /** Asks for one thing after the other until everything is known. */
  async #run(): Promise<void> {
    this.#isAskedAgain = true;
    if (this.#isRunning || this.#abort.signal.aborted) return;
    this.#isRunning = true;
    this.#say({ isLoading: true, error: undefined });
    try {
      while (this.#isAskedAgain) {
        this.#isAskedAgain = false;
        while (await this.#step()) this.#say({});
      }
      this.#say({ isLoading: false });
    } catch (reason) {
      if (this.#abort.signal.aborted) return;
      const error = reason instanceof Error ? reason : new Error(`${reason}`);
      this.#say({ isLoading: false, error });
    } finally {
      this.#isRunning = false;
    }
  }

  /** Asks the next question; answers whether there was one. */
  async #step(): Promise<boolean> {
    const ids = this.#ids.filter((id) => !this.#gone.has(id));
    const key = ids.toSorted().join();
    if (this.#hasStaleNodes) {
      this.#hasStaleNodes = false;
      await this.#readRows(ids, []);
      return true;
    }
    if (this.#isStale) {
      this.#isStale = false;
      await this.#readChanges(ids);
      return true;
    }
    const unknown = ids.filter((id) => !this.#rows.has(id));
    const needsColumns = this.#columnsOf !== key && ids.length > 0;
    if (unknown.length > 0 || needsColumns) {
      await Promise.all([
        unknown.length > 0 ? this.#readRows(unknown, []) : undefined,
        needsColumns ? this.#readColumns(ids, key) : undefined,
      ]);
      return true;
    }
    return await this.#readCommon() || await this.#readValues(ids) ||
      await this.#tellNulls(ids);
  }

  /** What all runs of a group have in common is asked of one of them. */
  async #readCommon(): Promise<boolean> {
    const lacking = this.#groups.flatMap(({ ids, common }) => {
      const wanted = [...this.#wanted].filter((column) => common.has(column));
      this.#values.spread(wanted, ids);
      return [this.#values.lacks(wanted, ids.slice(0, 1))];
    });
    return await this.#readLacking({
      columns: [...new Set(lacking.flatMap(({ columns }) => columns))],
      ids: lacking.flatMap(({ ids }) => ids),
    });
  }

  async #readValues(ids: readonly string[]): Promise<boolean> {
    return await this.#readLacking(this.#values.lacks(this.#wanted, ids));
  }

  async #readLacking(
    { columns, ids }: ReturnType<RunValues["lacks"]>,
  ): Promise<boolean> {
    if (columns.length === 0 || ids.length === 0) return false;
    for (const group of groupsOf(columns, COLUMNS_AT_ONCE)) {
      await this.#readRows(ids, group);
    }
    return true;
  }

  async #readRows(
    ids: readonly string[],
    column: readonly string[],
  ): Promise<void> {
    for (const node of groupsOf(ids, ROWS_AT_ONCE)) {
      const { data, version } = await this.#source.listRows(
        { node, column, size: ROWS_AT_ONCE },
        this.#abort.signal,
      );
      if (this.#version === 0) this.#version = version;
      this.#take(data, column);
      const found = new Set(data.map((row) => row.node.id));
      for (const id of node) if (!found.has(id)) this.#gone.add(id);
    }
  }

  async #readColumns(ids: readonly string[], key: string): Promise<void> {
    const groups = await Promise.all(
      groupsOf(ids, NODES_AT_ONCE).map(async (node) => {
        const { signal } = this.#abort;
        const columns = await this.#source.listColumns({ node }, signal);
        return { ids: node, columns };
      }),
    );
    this.#groups = groups.map(({ ids, columns }) => ({
      ids,
      common: commonColumns(columns, ids.length),
    }));
    this.#columns = mergeColumns(groups.map(({ columns }) => columns));
    this.#columnsOf = key;
    this.#total = ids.length;
    const { hparams, platform, git } = this.#columns;
    this.#facts = new Map(
      [...hparams, ...platform, ...git].map((fact) => [fact.id, fact]),
    );
  }

  /** Runs that changed since the last answer, with all columns that are shown; the others are forgotten. */
  async #readChanges(ids: readonly string[]): Promise<void> {
    const shown = [...this.#wanted];
    const groups = groupsOf(shown, COLUMNS_AT_ONCE);
    const changed = new Map<string, Row>();
    const after = this.#version;
    for (const column of groups.length > 0 ? groups : [[]]) {
      for (const node of groupsOf(ids, ROWS_AT_ONCE)) {
        const { data, version } = await this.#source.listRows({
          node,
          column,
          size: ROWS_AT_ONCE,
          after,
        }, this.#abort.signal);
        if (version < after) return this.#forget(version);
        this.#version = this.#version === after
          ? version
          : Math.min(version, this.#version);
        this.#take(data, column);
        for (const row of data) changed.set(row.node.id, row);
      }
    }
    for (const id of changed.keys()) {
      this.#has.delete(id);
      this.#values.forget(id, this.#wanted);
    }
    if (changed.size > 0) this.#columnsOf = undefined;
  }

  /** The server counts anew: nothing that is known has a version of it. */
  #forget(version: number): void {
    this.#version = version;
    this.#values.clear();
    this.#has.clear();
    this.#columnsOf = undefined;
  }

  #take(data: readonly Row[], columns: readonly string[]): void {
    for (const { node, run, values } of data) {
      const known = this.#rows.get(node.id);
      const row: Row = { node, run, values: [] };
      if (JSON.stringify(known) !== JSON.stringify(row)) {
        this.#rows.set(node.id, row);
        this.#rowsTurn++;
      }
      columns.forEach((column, i) =>
        this.#values.set(column, node.id, values[i] ?? null)
      );
    }
  }

  /** Looks at single runs where only that tells null from nothing. */
  async #tellNulls(ids: readonly string[]): Promise<boolean> {
    const doubtful = [...this.#wanted].filter((column) => {
      const fact = this.#facts.get(column);
      return fact !== undefined && fact.types.includes("null") &&
        fact.runs < this.#total;
    });
    const unclear = ids.filter((id) =>
      !this.#has.has(id) &&
      doubtful.some((column) => this.#values.get(column, id) === null)
    );
    for (const group of groupsOf(unclear, 6)) {
      await Promise.all(group.map(async (id) => {
        const { hparams, platform, git } = await this.#source.listColumns(
          { node: [id] },
          this.#abort.signal,
        );
        const all = [...hparams, ...platform, ...git];
        this.#has.set(id, new Set(all.map((fact) => fact.id)));
      }));
    }
    return unclear.length > 0;
  }

  #say(change: Partial<RunTableState>): void {
    const old = this.#state.peek();
    this.#state.value = {
      ...old,
      turn: old.turn + 1,
      rowsTurn: this.#rowsTurn,
      rows: this.#rows,
      gone: this.#ids.filter((id) => this.#gone.has(id)),
      columns: this.#columns,
      ...change,
    };
  }
}
