/**
 * The rows that go when nodes go, put aside and brought back.
 *
 * @module
 */

import type { Database } from "./database.ts";

/** A column of a table. */
interface Column {
  readonly name: string;
  /** What it holds where nothing is said, as SQL. */
  readonly dflt_value: string | null;
  /** Its place in the primary key, from 1; 0 if it is not in it. */
  readonly pk: number;
}

/** A column whose values are those of another table. */
interface Reference {
  readonly column: string;
  readonly table: string;
  readonly key: string;
  readonly isOwner: boolean;
}

/** A table of which rows go when nodes go. */
interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly references: readonly Reference[];
}

/** Not put aside: what is being uploaded is given up, and the trash is where the rows go. */
const LEFT_OUT = new Set(["uploads", "trash", "trashed_rows", "trashed_files"]);

const ROOT = "nodes";

/**
 * Puts rows aside as JSON in `trashed_rows`: those of the nodes that `trashed_nodes` names, and all that a delete of these
 * would take along. Which tables that concerns is read from the foreign keys, so that a table that is added needs nothing
 * said here; a column that is added later takes its default.
 */
export class SavedRows {
  readonly #database: Database;
  readonly #tables: readonly Table[];

  /** @param database The database. */
  constructor(database: Database) {
    this.#database = database;
    this.#tables = this.#findTables();
  }

  /**
   * Puts rows aside; part of a transaction of the caller's. The nodes themselves stay, to be deleted with what is left of
   * them.
   *
   * @param trashId Under which name.
   */
  save(trashId: string): void {
    for (const table of this.#tables) {
      const row = table.columns.map(({ name }) => `'${name}', "${name}"`);
      this.#database.command(
        `INSERT INTO trashed_rows (trash_id, kind, row)
         SELECT ?1, '${table.name}', json_object(${row.join(", ")})
         FROM ${table.name} WHERE ${this.#isSaved(table)}`,
      )(trashId);
    }
    // What is owned goes first: that is faster than what SQLite does when its owner goes.
    for (const table of this.#tables.toReversed()) {
      if (table.name === ROOT) continue;
      this.#database.command(
        `DELETE FROM ${table.name} WHERE ${this.#isSaved(table)}`,
      )(trashId);
    }
  }

  /**
   * Brings rows back; part of a transaction of the caller's. What leads to a node that is still aside is put to that node's
   * rows; what leads to something that is gone for good is left out.
   *
   * @param trashId Under which name they are.
   */
  restore(trashId: string): void {
    for (const table of this.#tables) {
      for (const { column, table: other } of table.references) {
        if (other === ROOT && table.name !== ROOT) {
          this.#passOn(trashId, table, column);
        }
      }
      const names = table.columns.map(({ name }) => `"${name}"`);
      this.#database.command(
        `INSERT INTO ${table.name} (${names.join(", ")})
         SELECT ${table.columns.map(valueOf).join(", ")} FROM trashed_rows
         WHERE trash_id = ?1 AND kind = '${table.name}' ${
          table.references.map((to) => isThere(table, to)).join(" ")
        }`,
      )(trashId);
    }
  }

  /** Puts rows that lead to a node in another place of the trash there. */
  #passOn(trashId: string, { name }: Table, column: string): void {
    const holder = `(SELECT trash_id FROM trashed_nodes
      WHERE id = ${field(column)} AND trash_id <> ?1)`;
    this.#database.command(
      `UPDATE trashed_rows SET trash_id = ${holder}
       WHERE trash_id = ?1 AND kind = '${name}' AND ${holder} IS NOT NULL`,
    )(trashId);
  }

  /** The condition that a row belongs to the nodes that are put aside. */
  #isSaved(table: Table): string {
    if (table.name === ROOT) {
      return "id IN (SELECT id FROM trashed_nodes WHERE trash_id = ?1)";
    }
    const owners = table.references.filter(({ isOwner }) => isOwner);
    return owners.map(({ column, table: name, key }) => {
      const owner = this.#tables.find((other) => other.name === name);
      if (owner === undefined) return "FALSE";
      return `"${column}" IN (SELECT "${key}" FROM ${name} WHERE ${
        this.#isSaved(owner)
      })`;
    }).join(" OR ");
  }

  #findTables(): Table[] {
    const all = this.#database.query<{ name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
    ).all().filter(({ name }) => !LEFT_OUT.has(name)).map(({ name }) =>
      this.#describe(name)
    );
    const found = all.filter(({ name }) => name === ROOT);
    // It grows while it is gone through: owners come before what they own.
    for (const owner of found) {
      for (const table of all) {
        const isOwned = table.references.some((to) =>
          to.isOwner && to.table === owner.name
        );
        if (isOwned && !found.includes(table)) found.push(table);
      }
    }
    return found;
  }

  #describe(name: string): Table {
    const columns = this.#columns(name);
    const references = this.#database.query<
      { from: string; table: string; to: string | null; on_delete: string }
    >(`PRAGMA foreign_key_list(${name})`).all();
    return {
      name,
      columns,
      references: references.map(({ from, table, to, on_delete }) => ({
        column: from,
        table,
        key: to ?? this.#columns(table).find(({ pk }) => pk === 1)?.name ?? "",
        isOwner: on_delete === "CASCADE" && table !== name,
      })),
    };
  }

  #columns(name: string): Column[] {
    return this.#database.query<Column>(`PRAGMA table_info(${name})`).all();
  }
}

function field(column: string): string {
  return `json_extract(row, '$."${column}"')`;
}

function valueOf({ name, dflt_value }: Column): string {
  return `CASE WHEN json_type(row, '$."${name}"') IS NULL
    THEN ${dflt_value ?? "NULL"} ELSE ${field(name)} END`;
}

/** The condition that what a row leads to is there. Nodes that come back are there together. */
function isThere(
  { name }: Table,
  { column, table, key }: Reference,
): string {
  if (table === name) return "";
  return `AND (${field(column)} IS NULL OR EXISTS (
    SELECT 1 FROM ${table} AS other WHERE other."${key}" = ${field(column)}))`;
}
