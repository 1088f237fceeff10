/**
 * The tables of a tree that is kept elsewhere.
 *
 * @module
 */

import type { Database, Query } from "./database.ts";
import type { Edge } from "./edges.ts";
import type { NodeRow } from "./node_row.ts";
import type { ObjectAddress, ObjectRow } from "./objects.ts";

/** What is known of an object's version. */
export type MirroredObject = Pick<ObjectRow, "key" | "file" | "size" | "md5">;

/**
 * Writes the rows of one user's tree as they are elsewhere, with their ids and times. Whoever looks at the store is told of
 * changes as of any other; what is equal already changes nothing.
 */
export class MirroredTree {
  readonly #database: Database;
  readonly #insertUser: ReturnType<Database["command"]>;
  readonly #putNode: ReturnType<Database["command"]>;
  readonly #deleteNode: ReturnType<Database["command"]>;
  readonly #objects: Query<MirroredObject>;
  readonly #insertObject: ReturnType<Database["command"]>;
  readonly #insertSegment: ReturnType<Database["command"]>;
  readonly #growObject: ReturnType<Database["command"]>;
  readonly #growSegment: ReturnType<Database["command"]>;
  readonly #deleteObject: ReturnType<Database["command"]>;
  readonly #edges: Query<{ from_id: string; to_id: string }>;
  readonly #insertEdge: ReturnType<Database["command"]>;
  readonly #deleteEdge: ReturnType<Database["command"]>;

  /** @param database The database of a store. */
  constructor(database: Database) {
    this.#database = database;
    this.#insertUser = database.command(
      "INSERT INTO users (name, created) VALUES (?, ?)",
    );
    this.#putNode = database.command(
      `INSERT INTO nodes (id, parent_id, owner, name, type, storage_type, labels, description, extra, editor, modified)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET labels = excluded.labels, description = excluded.description,
         extra = excluded.extra, modified = excluded.modified
       WHERE (labels, description, extra, modified)
         IS NOT (excluded.labels, excluded.description, excluded.extra, excluded.modified)`,
    );
    this.#deleteNode = database.command("DELETE FROM nodes WHERE id = ?");
    this.#objects = database.query(
      "SELECT key, file, size, md5 FROM objects WHERE node_id = ?",
    );
    this.#insertObject = database.command(
      "INSERT INTO objects VALUES (?, ?, ?, ?, ?, ?, ?)",
    );
    this.#insertSegment = database.command(
      "INSERT INTO segments VALUES (?1, 0, ?1, ?2, NULL)",
    );
    this.#growObject = database.command(
      `UPDATE objects SET size = ?, md5 = ?, mtime = ?
       WHERE node_id = ? AND key = ? AND file = ?`,
    );
    this.#growSegment = database.command(
      "UPDATE segments SET size = ? WHERE object = ?",
    );
    this.#deleteObject = database.command(
      "DELETE FROM objects WHERE node_id = ? AND key = ?",
    );
    this.#edges = database.query(
      "SELECT from_id, to_id FROM edges WHERE from_id = ?1 OR to_id = ?1",
    );
    this.#insertEdge = database.command(
      "INSERT OR IGNORE INTO edges VALUES (?, '', ?, '')",
    );
    this.#deleteEdge = database.command(
      "DELETE FROM edges WHERE from_id = ? AND to_id = ?",
    );
  }

  /**
   * Makes the user and the root.
   *
   * @param root The root, which is called like its owner.
   */
  begin(root: NodeRow): void {
    this.transaction(() => {
      this.#insertUser(root.owner, root.modified);
      this.putNode(root);
    });
  }

  /**
   * Makes several changes at once.
   *
   * @param body The changes.
   * @returns What `body` returned.
   */
  transaction<T>(body: () => T): T {
    return this.#database.transaction(body);
  }

  /**
   * Makes a node, or changes what is said of it. Its name, type and place stay; part of a transaction of the caller's.
   *
   * @param node The node.
   */
  putNode(node: NodeRow): void {
    this.#putNode(
      node.id,
      node.parent_id,
      node.owner,
      node.name,
      node.type,
      node.storage_type,
      node.labels,
      node.description,
      node.extra,
      node.editor,
      node.modified,
    );
  }

  /**
   * Deletes a node with all that it holds.
   *
   * @param id The node.
   */
  deleteNode(id: string): void {
    this.#deleteNode(id);
  }

  /**
   * What is known of the objects of a node.
   *
   * @param nodeId The node.
   * @returns The objects by key.
   */
  objects(nodeId: string): Map<string, MirroredObject> {
    return new Map(this.#objects.all(nodeId).map((row) => [row.key, row]));
  }

  /**
   * Makes an object or replaces it; one that is in the same file has grown. Part of a transaction of the caller's.
   *
   * @param object The object, which is one file.
   */
  putObject(object: ObjectRow): void {
    const { node_id, key, file, size, md5, content_type, mtime } = object;
    if (this.#growObject(size, md5, mtime, node_id, key, file) > 0) {
      this.#growSegment(size, file);
      return;
    }
    this.#deleteObject(node_id, key);
    this.#insertObject(node_id, key, file, size, md5, content_type, mtime);
    this.#insertSegment(file, size);
  }

  /**
   * Deletes an object; part of a transaction of the caller's.
   *
   * @param address Where it is.
   */
  deleteObject({ nodeId, key }: ObjectAddress): void {
    this.#deleteObject(nodeId, key);
  }

  /**
   * Says with what a node is connected; part of a transaction of the caller's.
   *
   * @param nodeId The node.
   * @param edges All of its edges.
   */
  putEdges(nodeId: string, edges: readonly Edge[]): void {
    const wanted = new Set(edges.map(({ from, to }) => `${from.id} ${to.id}`));
    for (const { from_id, to_id } of this.#edges.all(nodeId)) {
      if (!wanted.has(`${from_id} ${to_id}`)) this.#deleteEdge(from_id, to_id);
    }
    for (const { from, to } of edges) this.#insertEdge(from.id, to.id);
  }
}
