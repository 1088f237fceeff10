/**
 * Values of runs, by column.
 *
 * @module
 */

import type { Scalar } from "../../api/types.ts";

/** The values that are known. */
export class RunValues {
  readonly #columns = new Map<string, Map<string, Scalar>>();

  /** A value; undefined where it is not known. */
  get(column: string, id: string): Scalar | undefined {
    return this.#columns.get(column)?.get(id);
  }

  /** Notes a value. */
  set(column: string, id: string, value: Scalar): void {
    const values = this.#columns.get(column) ?? new Map<string, Scalar>();
    this.#columns.set(column, values);
    values.set(id, value);
  }

  /** Forgets what is known of a run, but for some columns. */
  forget(id: string, except: ReadonlySet<string>): void {
    for (const [column, values] of this.#columns) {
      if (!except.has(column)) values.delete(id);
    }
  }

  /** Forgets everything. */
  clear(): void {
    this.#columns.clear();
  }

  /** Whether a column is known of all these runs. */
  isKnown(column: string, ids: readonly string[]): boolean {
    const values = this.#columns.get(column);
    return values !== undefined && ids.every((id) => values.has(id));
  }

  /** The columns that are not known of all these runs, and the runs of which one is not known. */
  lacks(
    columns: Iterable<string>,
    ids: readonly string[],
  ): { readonly columns: readonly string[]; readonly ids: readonly string[] } {
    const lacking = [...columns].filter((column) => !this.isKnown(column, ids));
    return {
      columns: lacking,
      ids: ids.filter((id) =>
        lacking.some((column) => this.get(column, id) === undefined)
      ),
    };
  }

  /** Gives all these runs the value that the first of them has. */
  spread(columns: Iterable<string>, ids: readonly string[]): void {
    const [first = "", ...others] = ids;
    for (const column of columns) {
      const value = this.get(column, first);
      if (value === undefined || this.isKnown(column, others)) continue;
      for (const id of others) this.set(column, id, value);
    }
  }
}
