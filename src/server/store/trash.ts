/**
 * What was deleted and can be restored for a while.
 *
 * @module
 */

import { MAX_DEPTH } from "../limits.ts";
import { invalid, nameTaken } from "../refusal.ts";
import type { Collector } from "./collector.ts";
import type { Database, Query } from "./database.ts";
import type { NodeRow } from "./node_row.ts";
import type { Nodes } from "./nodes.ts";
import type { PageRequest, PageRows } from "./page.ts";
import { SavedRows } from "./saved_rows.ts";

/** A node that was deleted, with everything below it. */
export interface TrashRow {
  /** The node's id, which it has again when it is restored. */
  readonly id: string;
  /** In whose tree it was. */
  readonly owner: string;
  /** The folder that it was in. */
  readonly parent_id: string;
  /** Its name. */
  readonly name: string;
  /** Such as `Run`. */
  readonly type: string;
  /** The path that it had. */
  readonly path: string;
  /** Who deleted it. */
  readonly editor: string;
  /** When that was. */
  readonly deleted: string;
  /** How many levels of nodes it is, itself counted. */
  readonly height: number;
  /** How many nodes it is, itself counted. */
  readonly nodes: number;
  /** How many objects they have. */
  readonly objects: number;
  /** How long these are together, in bytes. */
  readonly size: number;
}

/** What was restored. */
export interface Restored {
  /** The node. */
  readonly node: NodeRow;
  /** Whether it is where it was; else it is in the user's root, since its folder is gone. */
  readonly isInPlace: boolean;
}

/** What {@linkcode Trash} works on. */
export interface TrashOptions {
  /** The database. */
  readonly database: Database;
  /** The tree of nodes. */
  readonly nodes: Nodes;
  /** Removes what is unused. */
  readonly collector: Pick<Collector, "dropped">;
  /** The clock. */
  readonly now: () => Date;
  /** How long things can be restored; 0 deletes them at once. */
  readonly lifetimeMs: number;
}

const SUBTREE = `
  WITH RECURSIVE subtree (id, depth) AS (
    SELECT ?1, 1
    UNION ALL SELECT nodes.id, depth + 1 FROM nodes JOIN subtree ON parent_id = subtree.id
  )`;

/**
 * The trash. The rows of what is in it lie in tables of their own, so that no lookup and no listing of nodes, objects
 * or edges can come upon them.
 */
export class Trash {
  readonly #options: TrashOptions;
  readonly #saved: SavedRows;
  readonly #get: Query<TrashRow>;
  readonly #list: Query<TrashRow>;
  readonly #all: Query<TrashRow>;
  readonly #count: Query<{ total: number }>;
  readonly #old: Query<{ id: string }>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #insertNodes: ReturnType<Database["command"]>;
  readonly #insertFiles: ReturnType<Database["command"]>;
  readonly #replant: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /** @param options What to work on. */
  constructor(options: TrashOptions) {
    this.#options = options;
    const { database } = options;
    this.#saved = new SavedRows(database);
    this.#get = database.query("SELECT * FROM trash WHERE id = ?");
    this.#list = database.query(
      "SELECT * FROM trash WHERE owner = ? ORDER BY deleted DESC, id LIMIT ? OFFSET ?",
    );
    this.#all = database.query(
      "SELECT * FROM trash ORDER BY deleted DESC, id",
    );
    this.#count = database.query(
      "SELECT count(*) AS total FROM trash WHERE owner = ?",
    );
    this.#old = database.query(
      "SELECT id FROM trash WHERE deleted < ? ORDER BY deleted",
    );
    this.#insert = database.command(
      `${SUBTREE} INSERT INTO trash SELECT id, owner, parent_id, name, type, ?2, ?3, ?4,
         (SELECT max(depth) FROM subtree), (SELECT count(*) FROM subtree),
         (SELECT count(*) FROM objects WHERE node_id IN (SELECT id FROM subtree)),
         (SELECT coalesce(sum(size), 0) FROM objects WHERE node_id IN (SELECT id FROM subtree))
       FROM nodes WHERE id = ?1`,
    );
    this.#insertNodes = database.command(
      `${SUBTREE} INSERT INTO trashed_nodes SELECT id, ?1 FROM subtree`,
    );
    this.#insertFiles = database.command(
      `INSERT INTO trashed_files SELECT ?1, segments.file, max(segments.size)
       FROM segments JOIN objects ON object = objects.file
       WHERE node_id IN (SELECT id FROM trashed_nodes WHERE trash_id = ?1)
       GROUP BY segments.file`,
    );
    this.#replant = database.command(
      `UPDATE trashed_rows SET row = json_set(row, '$.parent_id', ?2, '$.name', ?3)
       WHERE trash_id = ?1 AND kind = 'nodes' AND json_extract(row, '$.id') = ?1`,
    );
    this.#delete = database.command("DELETE FROM trash WHERE id = ?");
  }

  /**
   * Deletes a node with everything below it. It can be restored, unless the trash keeps nothing. Uploads in parts that
   * are under way there are given up.
   *
   * @param node The node.
   * @param editor Who deletes it.
   * @throws {Refusal} If it is a user's root.
   */
  async discard(node: NodeRow, editor: string): Promise<void> {
    const { database, nodes, collector, now, lifetimeMs } = this.#options;
    database.transaction(() => {
      if (lifetimeMs > 0 && node.parent_id !== null) {
        const path = nodes.pathOf(node.id);
        this.#insert(node.id, path, editor, now().toISOString());
        this.#insertNodes(node.id);
        this.#insertFiles(node.id);
        this.#saved.save(node.id);
      }
      nodes.remove(node);
    });
    await collector.dropped();
  }

  /**
   * Finds something in the trash.
   *
   * @param id The node's id.
   * @returns What is known of it, or undefined.
   */
  get(id: string): TrashRow | undefined {
    return this.#get.get(id);
  }

  /**
   * Lists what a user can restore, what was deleted last first.
   *
   * @param owner The user.
   * @param page Which page.
   * @returns The page.
   */
  list(owner: string, { page, size }: PageRequest): PageRows<TrashRow> {
    return {
      rows: this.#list.all(owner, size, (page - 1) * size),
      total: this.#count.get(owner)?.total ?? 0,
    };
  }

  /**
   * Lists the whole trash, what was deleted last first.
   *
   * @returns What all users have in it.
   */
  all(): TrashRow[] {
    return this.#all.all();
  }

  /**
   * When something will be deleted for good.
   *
   * @param row What is in the trash.
   * @returns The time.
   */
  expiry({ deleted }: TrashRow): Date {
    return new Date(Date.parse(deleted) + this.#options.lifetimeMs);
  }

  /**
   * Brings something back, with its ids, objects and edges: where it was, or if its folder is gone to the user's root,
   * there under a free name.
   *
   * @param row What is in the trash.
   * @returns The node.
   * @throws {Refusal} If its name is taken where it was.
   */
  restore(row: TrashRow): Restored {
    const { database, nodes } = this.#options;
    return database.transaction(() => {
      const { parent, name, isInPlace } = this.#placeOf(row);
      this.#replant(row.id, parent.id, name);
      this.#saved.restore(row.id);
      this.#delete(row.id);
      const node = nodes.byId(row.id);
      if (node === undefined) throw new Error(`"${row.path}" is not restored`);
      return { node, isInPlace };
    });
  }

  /**
   * Deletes something for good.
   *
   * @param id The node's id.
   * @returns Whether it was in the trash.
   */
  async purge(id: string): Promise<boolean> {
    const { database, collector } = this.#options;
    const isGone = database.transaction(() => this.#delete(id) > 0);
    await collector.dropped();
    return isGone;
  }

  /** Deletes for good what nobody has restored in time. */
  async purgeExpired(): Promise<void> {
    const { now, lifetimeMs } = this.#options;
    const time = new Date(now().getTime() - lifetimeMs);
    for (const { id } of this.#old.all(time.toISOString())) {
      await this.purge(id);
    }
  }

  #placeOf({ owner, parent_id, name, height }: TrashRow) {
    const { nodes } = this.#options;
    const parent = nodes.byId(parent_id);
    if (parent?.owner === owner && parent.type === "Folder") {
      const path = nodes.pathOf(parent.id).split("/").slice(1);
      if (nodes.walk([...path, name])?.rest.length === 0) throw nameTaken(name);
      if (path.length + height <= MAX_DEPTH) {
        return { parent, name, isInPlace: true };
      }
    }
    const root = nodes.walk([owner])?.node;
    if (root === undefined) throw invalid(`invalid trash: "${owner}" is gone`);
    let free = name;
    for (let count = 2; nodes.walk([owner, free])?.rest.length === 0; count++) {
      free = `${name}-${count}`;
    }
    return { parent: root, name: free, isInPlace: false };
  }
}
