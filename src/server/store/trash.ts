/**
 * What was deleted and can be restored for a while.
 *
 * @module
 */

import { MAX_DEPTH, OBJECTS_AT_ONCE } from "../limits.ts";
import { invalid, nameTaken, nodeNotFound } from "../refusal.ts";
import { Turns } from "../turns.ts";
import type { Collector } from "./collector.ts";
import type { Database, Query } from "./database.ts";
import { KeyedLock } from "./keyed_lock.ts";
import type { NodeRow } from "./node_row.ts";
import type { Nodes } from "./nodes.ts";
import type { PageRequest, PageRows } from "./page.ts";
import { Subtrees, type SubtreeSize } from "./subtrees.ts";

/** A node that was deleted, with everything below it. */
export interface TrashRow extends SubtreeSize {
  /** The node's id. */
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
  /** Is told what comes back, in the transaction in which it does. Default: nobody is. */
  readonly onRestored?: ((node: NodeRow) => void) | undefined;
}

/** How something is deleted. */
export interface DiscardOptions {
  /** Who deletes it. */
  readonly editor: string;
  /** Whether it cannot be restored. Default: only where the trash keeps nothing. */
  readonly forGood?: boolean | undefined;
}

/** What is not known yet. */
const UNCOUNTED: SubtreeSize = { height: 0, nodes: 0, objects: 0, size: 0 };

/**
 * The trash. To delete a node is to cut it off from its folder, and to restore it is to put it back: one row either way,
 * however much is below it. {@linkcode Nodes} sees to it that nothing in the trash is found as a node. What takes
 * longer, counting and deleting for good, is done in slices, and is gone on with after a restart.
 */
export class Trash implements Disposable {
  readonly #options: TrashOptions;
  readonly #subtrees: Subtrees;
  readonly #lock = new KeyedLock();
  readonly #get: Query<TrashRow>;
  readonly #list: Query<TrashRow>;
  readonly #all: Query<TrashRow>;
  readonly #count: Query<{ total: number }>;
  readonly #marked: Query<{ id: string }>;
  readonly #uncounted: Query<{ id: string }>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #setSize: ReturnType<Database["command"]>;
  readonly #mark: ReturnType<Database["command"]>;
  readonly #markOf: ReturnType<Database["command"]>;
  readonly #markOld: ReturnType<Database["command"]>;
  readonly #dropObjects: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;
  #isClosed = false;

  /** @param options What to work on. */
  constructor(options: TrashOptions) {
    this.#options = options;
    const { database } = options;
    this.#subtrees = new Subtrees(database);
    this.#get = database.query(
      "SELECT * FROM trash WHERE id = ? AND NOT marked",
    );
    this.#list = database.query(
      `SELECT * FROM trash WHERE owner = ? AND NOT marked
       ORDER BY deleted DESC, id LIMIT ? OFFSET ?`,
    );
    this.#all = database.query(
      "SELECT * FROM trash WHERE NOT marked ORDER BY deleted DESC, id",
    );
    this.#count = database.query(
      "SELECT count(*) AS total FROM trash WHERE owner = ? AND NOT marked",
    );
    this.#marked = database.query("SELECT id FROM trash WHERE marked");
    this.#uncounted = database.query(
      "SELECT id FROM trash WHERE nodes = 0 AND NOT marked",
    );
    this.#insert = database.command(
      `INSERT INTO trash (id, owner, parent_id, name, type, path, editor, deleted, height, nodes, objects, size, marked)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?)`,
    );
    this.#setSize = database.command(
      "UPDATE trash SET height = ?, nodes = ?, objects = ?, size = ? WHERE id = ?",
    );
    this.#mark = database.command(
      "UPDATE trash SET marked = 1 WHERE id = ? AND NOT marked",
    );
    this.#markOf = database.command(
      "UPDATE trash SET marked = 1 WHERE owner = ? AND NOT marked",
    );
    this.#markOld = database.command(
      "UPDATE trash SET marked = 1 WHERE deleted < ? AND NOT marked",
    );
    this.#dropObjects = database.command(
      `DELETE FROM objects WHERE node_id = ?1 AND key IN
         (SELECT key FROM objects WHERE node_id = ?1 ORDER BY key LIMIT ${OBJECTS_AT_ONCE})`,
    );
    this.#delete = database.command("DELETE FROM trash WHERE id = ?");
  }

  /**
   * Deletes a node with everything below it, at once. It can be restored, unless the trash keeps nothing. Uploads in
   * parts that are under way there are given up.
   *
   * @param node The node.
   * @param options Who deletes it.
   * @returns Settles when it is counted, or if it cannot be restored, when nothing is left of it.
   * @throws {Refusal} If it is a user's root.
   */
  async discard(node: NodeRow, options: DiscardOptions): Promise<void> {
    const { database, nodes, collector, now, lifetimeMs } = this.#options;
    const { id, owner, parent_id, name, type } = node;
    if (parent_id === null) {
      throw invalid("invalid node: a user's root cannot be deleted");
    }
    const forGood = options.forGood ?? lifetimeMs === 0;
    const deleted = now().toISOString();
    database.transaction(() => {
      const where = [parent_id, name, type, nodes.pathOf(id)];
      this.#insert(
        id,
        owner,
        ...where,
        options.editor,
        deleted,
        Number(forGood),
      );
      nodes.cutOff(id);
    });
    if (forGood) return await this.#erase(id);
    await collector.dropped();
    await this.#lock.run(id, () => this.#measure(id));
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
   * @param id The node's id.
   * @returns The node.
   * @throws {Refusal} If it is not in the trash, or its name is taken where it was.
   */
  restore(id: string): Promise<Restored> {
    const { database, nodes, onRestored } = this.#options;
    return this.#lock.run(id, async () => {
      await this.#measure(id);
      return database.transaction(() => {
        const row = this.get(id);
        if (row === undefined) throw nodeNotFound(id);
        const { parent, name, isInPlace } = this.#placeOf(row);
        const node = nodes.putBack(id, { parent, name });
        this.#delete(id);
        onRestored?.(node);
        return { node, isInPlace };
      });
    });
  }

  /**
   * Has something deleted for good: from now on it cannot be restored.
   *
   * @param id The node's id.
   * @returns Whether it was in the trash.
   */
  mark(id: string): boolean {
    return this.#mark(id) > 0;
  }

  /**
   * Deletes something for good.
   *
   * @param id The node's id.
   * @returns Whether it was in the trash.
   */
  async purge(id: string): Promise<boolean> {
    const isThere = this.mark(id);
    if (isThere) await this.#erase(id);
    return isThere;
  }

  /**
   * Deletes for good all that a user has in the trash.
   *
   * @param owner The user.
   */
  async purgeOf(owner: string): Promise<void> {
    this.#markOf(owner);
    await this.eraseMarked();
  }

  /** Deletes for good what nobody has restored in time. */
  async purgeExpired(): Promise<void> {
    const { now, lifetimeMs } = this.#options;
    const time = new Date(now().getTime() - lifetimeMs);
    this.#markOld(time.toISOString());
    await this.eraseMarked();
    // A process that was killed has not come to it.
    for (const { id } of this.#uncounted.all()) {
      await this.#lock.run(id, () => this.#measure(id));
    }
  }

  /** Goes on with what is being deleted for good. */
  async eraseMarked(): Promise<void> {
    for (const { id } of this.#marked.all()) await this.#erase(id);
  }

  /** Ends what goes on in slices. The next start goes on with it. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
  }

  /** Finds out how much something is, unless that is known. */
  async #measure(id: string): Promise<void> {
    if (this.get(id)?.nodes !== 0) return;
    const turns = new Turns();
    let sum = UNCOUNTED;
    for (const page of this.#subtrees.pages(id)) {
      sum = this.#subtrees.add(sum, page);
      await turns.pass();
      if (this.#isClosed) return;
    }
    this.#setSize(sum.height, sum.nodes, sum.objects, sum.size, id);
  }

  /** Deletes what is marked, from the leaves to the top. */
  async #erase(id: string): Promise<void> {
    await this.#lock.run(id, async () => {
      const turns = new Turns();
      const ids: string[] = [];
      for (const page of this.#subtrees.pages(id)) {
        ids.push(...page.ids);
        await turns.pass();
        if (this.#isClosed) return;
      }
      while (ids.length > 0 && !this.#isClosed) {
        this.#eraseSome(id, { ids, turns });
        await turns.pass();
      }
    });
    if (!this.#isClosed) await this.#options.collector.dropped();
  }

  #eraseSome(
    id: string,
    { ids, turns }: { readonly ids: string[]; readonly turns: Turns },
  ): void {
    const { database, nodes } = this.#options;
    database.transaction(() => {
      do {
        const last = ids.at(-1) ?? id;
        if (this.#dropObjects(last) > 0) continue;
        nodes.remove(last);
        ids.pop();
      } while (ids.length > 0 && !turns.isOver);
      if (ids.length === 0) this.#delete(id);
    });
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
