/**
 * The rows of a table that are known, page by page.
 *
 * @module
 */

import type { RowsQuery } from "../../api/em.ts";
import type { Row, Rows } from "../../api/types.ts";

/** Rows a page. */
export const PAGE_SIZE = 100;
/** So many pages are kept. */
const KEPT_PAGES = 50;

/** Asks for a page. */
export type LoadRows = (
  query: RowsQuery,
  signal: AbortSignal,
) => Promise<Rows>;

interface PageOfRows {
  readonly rows: readonly Row[];
  /** Whether nothing has changed since; else it is shown until it is asked for again. */
  readonly isFresh: boolean;
}

/**
 * Rows of a question, asked for as they are seen. When the question changes, the old rows stay until there is an answer;
 * when things change on the server, rows that are the same stay the same objects, so that nobody draws them again.
 */
export class RowsStore {
  readonly #load: LoadRows;
  readonly #onChange: () => void;
  #query: RowsQuery | undefined;
  #pages = new Map<number, PageOfRows>();
  readonly #waiting = new Map<number, AbortController>();
  #first = 1;
  #last = 1;
  /** Whether the rows that are known are of an older question. */
  #isOld = true;

  /** How many rows there are; undefined until the first answer. */
  total: number | undefined;
  /** The columns that the rows' values are of. */
  columns: readonly string[] = [];
  /** Names in the question that no run has. */
  unknown: readonly string[] = [];
  /** What went wrong last. */
  error: Error | undefined;

  /** @param load Asks. @param onChange Told when there is something new. */
  constructor(load: LoadRows, onChange: () => void) {
    this.#load = load;
    this.#onChange = onChange;
  }

  /** Whether an answer to a new question is waited for. */
  get isLoading(): boolean {
    return this.#query !== undefined && this.#isOld && !this.error;
  }

  /** Asks another question, beginning at the first row; where only the columns are others, at those that are seen. */
  ask(query: RowsQuery): void {
    if (withoutColumns(query) !== withoutColumns(this.#query)) {
      this.#first = this.#last = 1;
    }
    this.#query = query;
    this.#isOld = true;
    this.error = undefined;
    this.#abort(() => true);
    this.#fill();
    this.#onChange();
  }

  /** A row; undefined while it is waited for. */
  rowAt(index: number): Row | undefined {
    const page = this.#pages.get(pageOf(index));
    return page?.rows[index % PAGE_SIZE];
  }

  /** The row of a node, if it is known. */
  find(node: string): Row | undefined {
    for (const { rows } of this.#pages.values()) {
      const row = rows.find((row) => row.node.id === node);
      if (row !== undefined) return row;
    }
    return undefined;
  }

  /** The rows that are known, in order. */
  known(): Row[] {
    return [...this.#pages].sort(([a], [b]) => a - b)
      .flatMap(([, { rows }]) => rows);
  }

  /** Says which rows are seen, from `first` up to but without `end`. */
  show(first: number, end: number): void {
    this.#first = pageOf(first);
    this.#last = pageOf(Math.max(first, end - 1));
    if (this.#isOld) return;
    this.#abort((page) => page < this.#first || page > this.#last);
    this.#fill();
  }

  /** Asks again for what is seen, and for the rest when that is seen. */
  refresh(): void {
    for (const [number, page] of this.#pages) {
      this.#pages.set(number, { ...page, isFresh: false });
    }
    this.error = undefined;
    this.#abort(() => true);
    this.#fill();
  }

  /** Waits for nothing any more. */
  close(): void {
    this.#abort(() => true);
    this.#query = undefined;
  }

  #abort(isUnwanted: (page: number) => boolean): void {
    for (const [page, abort] of this.#waiting) {
      if (!isUnwanted(page)) continue;
      abort.abort();
      this.#waiting.delete(page);
    }
  }

  #fill(): void {
    for (let page = this.#first; page <= this.#last; page++) {
      const isKnown = this.#pages.get(page)?.isFresh && !this.#isOld;
      if (!isKnown && !this.#waiting.has(page)) this.#ask(page);
    }
  }

  #ask(page: number): void {
    if (this.#query === undefined) return;
    const abort = new AbortController();
    this.#waiting.set(page, abort);
    this.#load({ ...this.#query, page, size: PAGE_SIZE }, abort.signal).then(
      (rows) => {
        if (!abort.signal.aborted) this.#take(page, rows);
      },
      (reason) => {
        if (abort.signal.aborted) return;
        this.#waiting.delete(page);
        this.error = reason instanceof Error ? reason : new Error(`${reason}`);
        this.#onChange();
      },
    );
  }

  #take(page: number, { data, pagination, unknown, columns }: Rows): void {
    this.#waiting.delete(page);
    const known = new Map(this.known().map((row) => [row.node.id, row]));
    if (this.#isOld) {
      this.#pages.clear();
      this.columns = columns;
    }
    const isOther = this.total !== pagination.total;
    if (!this.#isOld && isOther) {
      for (const [number, old] of this.#pages) {
        this.#pages.set(number, { ...old, isFresh: false });
      }
    }
    this.#isOld = false;
    this.error = undefined;
    this.total = pagination.total;
    this.unknown = unknown;
    const rows = data.map((row) => sameRow(known.get(row.node.id), row));
    this.#pages.set(page, { rows, isFresh: true });
    this.#forget(page);
    this.#fill();
    this.#onChange();
  }

  /** What lies beyond the end is gone, and of the rest what is far away. */
  #forget(page: number): void {
    const end = Math.max(1, Math.ceil((this.total ?? 0) / PAGE_SIZE));
    const byDistance = [...this.#pages.keys()]
      .sort((a, b) => Math.abs(a - page) - Math.abs(b - page));
    byDistance.forEach((number, rank) => {
      if (number > end || rank >= KEPT_PAGES) this.#pages.delete(number);
    });
    this.#first = Math.min(this.#first, end);
    this.#last = Math.min(this.#last, end);
  }
}

function pageOf(index: number): number {
  return Math.floor(index / PAGE_SIZE) + 1;
}

function withoutColumns(query: RowsQuery | undefined): string {
  return JSON.stringify({ ...query, column: [] });
}

function sameRow(old: Row | undefined, row: Row): Row {
  return old && JSON.stringify(old) === JSON.stringify(row) ? old : row;
}
