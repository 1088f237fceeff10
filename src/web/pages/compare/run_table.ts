/**
 * What is known of the runs of a comparison: asked for once, kept while runs come and go, and brought up to date by what changed.
 *
 * @module
 */

import { type ReadonlySignal, signal } from "@preact/signals";
import type { RowsQuery } from "../../api/em.ts";
import type {
  Columns,
  FactColumn,
  Row,
  Rows,
  Scalar,
} from "../../api/types.ts";
import { groupsOf, mergeColumns, NODES_AT_ONCE } from "./catalogue.ts";
import type { Cell } from "./cells.ts";

/** Whom to ask. */
export interface RunTableSource {
  readonly listRows: (query: RowsQuery, signal: AbortSignal) => Promise<Rows>;
  readonly listColumns: (
    query: Pick<RowsQuery, "node">,
    signal: AbortSignal,
  ) => Promise<Columns>;
}

/** How the table stands. */
export interface RunTableState {
  /** Counts its changes. */
  readonly turn: number;
  readonly rows: ReadonlyMap<string, Row>;
  /** Ids for which the server has no node that the user may look at. */
  readonly gone: readonly string[];
  /** Which columns the runs have; undefined until that is known. */
  readonly columns: Columns | undefined;
  readonly error: Error | undefined;
  readonly isLoading: boolean;
}

/** The server takes no more at once. */
const COLUMNS_AT_ONCE = 300;
const ROWS_AT_ONCE = 500;

/** The table. */
export class RunTable {
  readonly #source: RunTableSource;
  readonly #abort = new AbortController();
  readonly #state = signal<RunTableState>({
    turn: 0,
    rows: new Map(),
    gone: [],
    columns: undefined,
    error: undefined,
    isLoading: false,
  });
  readonly #rows = new Map<string, Row>();
  /** By column, then by run. */
  readonly #values = new Map<string, Map<string, Scalar>>();
  /** Of runs that were looked at one by one: the columns that they have. */
  readonly #has = new Map<string, ReadonlySet<string>>();
  readonly #gone = new Set<string>();
  #ids: readonly string[] = [];
  #wanted: ReadonlySet<string> = new Set();
  #columns: Columns | undefined;
  #facts: ReadonlyMap<string, FactColumn> = new Map();
  /** Of which runs `#columns` speaks. */
  #columnsOf: string | undefined;
  #version = 0;
  #isStale = false;
  #isRunning = false;

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

  /** Asks what has changed; with `all`, also for what has no version, such as names. */
  refresh(options: { readonly all?: boolean } = {}): void {
    if (options.all) {
      this.#version = 0;
      this.#gone.clear();
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
    const value = this.#values.get(column)?.get(id);
    if (value !== null) return value;
    return this.#isNull(column, id) ? null : undefined;
  }

  /** Whether the values of a column are known for all runs. */
  isKnown(column: string): boolean {
    const values = this.#values.get(column);
    return values !== undefined &&
      this.#ids.every((id) => values.has(id) || this.#gone.has(id));
  }

  /** The server answers null for what is null and for what is not there. */
  #isNull(column: string, id: string): boolean {
    const fact = this.#facts.get(column);
    if (!fact?.types.includes("null")) return false;
    if (fact.runs >= (this.#columns?.runs ?? 0)) return true;
    return this.#has.get(id)?.has(column) ?? false;
  }

  /** Asks for one thing after the other until everything is known. */
  async #run(): Promise<void> {
    if (this.#isRunning || this.#abort.signal.aborted) return;
    this.#isRunning = true;
    this.#say({ isLoading: true, error: undefined });
    try {
      while (await this.#step()) this.#say({});
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
    const columns = [...this.#wanted].filter((column) => {
      const values = this.#values.get(column);
      return values === undefined || ids.some((id) => !values.has(id));
    });
    if (columns.length > 0 && ids.length > 0) {
      const some = ids.filter((id) =>
        columns.some((column) => !this.#values.get(column)?.has(id))
      );
      for (const group of groupsOf(columns, COLUMNS_AT_ONCE)) {
        await this.#readRows(some, group);
        this.#say({});
      }
      return true;
    }
    return await this.#tellNulls(ids);
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
      groupsOf(ids, NODES_AT_ONCE).map((node) =>
        this.#source.listColumns({ node }, this.#abort.signal)
      ),
    );
    this.#columns = mergeColumns(groups);
    this.#columnsOf = key;
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
          ...(after === 0 ? {} : { after }),
        }, this.#abort.signal);
        this.#version = this.#version === after
          ? version
          : Math.min(version, this.#version);
        this.#take(data, column);
        for (const row of data) changed.set(row.node.id, row);
      }
    }
    for (const id of changed.keys()) {
      this.#has.delete(id);
      for (const [column, values] of this.#values) {
        if (!this.#wanted.has(column)) values.delete(id);
      }
    }
    if (changed.size > 0) this.#columnsOf = undefined;
  }

  #take(data: readonly Row[], columns: readonly string[]): void {
    for (const row of data) {
      const { id } = row.node;
      this.#rows.set(id, row);
      columns.forEach((column, i) => {
        const values = this.#values.get(column) ?? new Map<string, Scalar>();
        this.#values.set(column, values);
        values.set(id, row.values[i] ?? null);
      });
    }
  }

  /** Looks at single runs where only that tells null from nothing. */
  async #tellNulls(ids: readonly string[]): Promise<boolean> {
    const total = this.#columns?.runs ?? 0;
    const doubtful = [...this.#wanted].filter((column) => {
      const fact = this.#facts.get(column);
      return fact !== undefined && fact.types.includes("null") &&
        fact.runs < total;
    });
    const unclear = ids.filter((id) =>
      !this.#has.has(id) &&
      doubtful.some((column) => this.#values.get(column)?.get(id) === null)
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
      rows: this.#rows,
      gone: this.#ids.filter((id) => this.#gone.has(id)),
      columns: this.#columns,
      ...change,
    };
  }
}
