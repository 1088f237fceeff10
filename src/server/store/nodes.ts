/**
 * The tree of nodes.
 *
 * @module
 */

import { type CreateNodeBody, STORAGE_TYPES } from "../../aistore/protocol.ts";
import { MAX_DEPTH } from "../limits.ts";
import { checkNodeName } from "../names.ts";
import { checkNodeTexts } from "../node_texts.ts";
import { invalid, nameTaken, nodeNotFound } from "../refusal.ts";
import type { Database, Query } from "./database.ts";
import type { NodeChanges, NodeRow } from "./node_row.ts";
import { isBelow, isLive, trashedName } from "./live_nodes.ts";
import { labelsText, type NodeKind, storageTypeOf } from "./node_rules.ts";

/** What a client says of a node that it makes. */
export type NewNode = NodeKind & Omit<CreateNodeBody, "parent" | "storageType">;

const SUBTREE = `
  WITH RECURSIVE subtree (id, depth) AS (
    SELECT ?1, 1
    UNION ALL SELECT nodes.id, depth + 1 FROM nodes JOIN subtree ON parent_id = subtree.id
  )`;

const COLUMNS = [
  "id",
  "parent_id",
  "owner",
  "name",
  "type",
  "storage_type",
  "labels",
  "description",
  "extra",
  "editor",
  "modified",
] as const satisfies readonly (keyof NodeRow)[];

/**
 * The nodes of all users, those left out that are in the trash. Who may see or change what is not decided here.
 */
export class Nodes {
  readonly #database: Database;
  readonly #now: () => Date;
  readonly #byId: Query<NodeRow>;
  readonly #root: Query<NodeRow>;
  readonly #child: Query<NodeRow>;
  readonly #line: Query<{ id: string; name: string }>;
  readonly #height: Query<{ height: number }>;
  readonly #insert: ReturnType<Database["command"]>;
  readonly #update: ReturnType<Database["command"]>;
  readonly #giveAway: ReturnType<Database["command"]>;
  readonly #unshare: ReturnType<Database["command"]>;
  readonly #place: ReturnType<Database["command"]>;
  readonly #endUploads: ReturnType<Database["command"]>;
  readonly #delete: ReturnType<Database["command"]>;

  /**
   * @param database The database.
   * @param now The clock.
   */
  constructor(database: Database, now: () => Date) {
    this.#database = database;
    this.#now = now;
    this.#byId = database.query(
      `SELECT * FROM nodes WHERE id = ? AND ${isLive("nodes.id")}`,
    );
    this.#root = database.query(
      "SELECT * FROM nodes WHERE parent_id IS NULL AND name = ?",
    );
    this.#child = database.query(
      "SELECT * FROM nodes WHERE parent_id = ? AND name = ?",
    );
    this.#line = database.query(`
      WITH RECURSIVE up (id, parent_id, name, distance) AS (
        SELECT id, parent_id, name, 0 FROM nodes WHERE id = ?
        UNION ALL SELECT nodes.id, nodes.parent_id, nodes.name, distance + 1
        FROM nodes JOIN up ON nodes.id = up.parent_id
      ) SELECT id, name FROM up ORDER BY distance DESC`);
    this.#height = database.query(
      `${SUBTREE} SELECT max(depth) AS height FROM subtree`,
    );
    this.#insert = database.command(
      `INSERT INTO nodes (${COLUMNS.join()}) VALUES (${
        COLUMNS.map(() => "?").join()
      })`,
    );
    this.#update = database.command(
      `UPDATE nodes SET parent_id = ?, name = ?, labels = ?, description = ?, extra = ?, editor = ?, modified = ?
       WHERE id = ?`,
    );
    this.#giveAway = database.command(
      `${SUBTREE} UPDATE nodes SET owner = ?2 WHERE id IN (SELECT id FROM subtree)`,
    );
    this.#unshare = database.command(
      `${SUBTREE} DELETE FROM shares WHERE node_id IN (SELECT id FROM subtree)`,
    );
    this.#place = database.command(
      "UPDATE nodes SET parent_id = ?, name = ? WHERE id = ?",
    );
    this.#endUploads = database.command(
      `DELETE FROM uploads WHERE ${isBelow("uploads.node_id", "?1")}`,
    );
    this.#delete = database.command("DELETE FROM nodes WHERE id = ?");
  }

  /**
   * Finds a node by id.
   *
   * @param id The id.
   * @returns The node, or undefined.
   */
  byId(id: string): NodeRow | undefined {
    return this.#byId.get(id);
  }

  /**
   * Walks down from a user's root as far as there are nodes.
   *
   * @param segments The segments of a path, the user first.
   * @returns The last node that is there and the segments below it; undefined if the user has no root.
   */
  walk(
    segments: readonly string[],
  ): { readonly node: NodeRow; readonly rest: readonly string[] } | undefined {
    const [user, ...names] = segments;
    let node = user === undefined ? undefined : this.#root.get(user);
    if (node === undefined) return undefined;
    for (const [index, name] of names.entries()) {
      const child = this.#child.get(node.id, name);
      if (child === undefined) return { node, rest: names.slice(index) };
      node = child;
    }
    return { node, rest: [] };
  }

  /**
   * A node's path.
   *
   * @param id The node's id.
   * @returns Such as `/demo/default/run`.
   */
  pathOf(id: string): string {
    return this.#line.all(id).map((row) => `/${row.name}`).join("");
  }

  /**
   * Makes a user's root folder; part of a transaction of the caller's.
   *
   * @param user The user.
   */
  insertRoot(user: string): void {
    this.#insertRow({
      id: crypto.randomUUID(),
      parent_id: null,
      owner: user,
      name: user,
      type: "Folder",
      storage_type: STORAGE_TYPES.Folder,
      labels: labelsText([]),
      description: "",
      extra: "",
      editor: user,
      modified: this.#timestamp(),
    });
  }

  /**
   * Makes a node.
   *
   * @param parent The folder to make it in.
   * @param body What to make.
   * @param editor The user who makes it.
   * @returns The node.
   * @throws {Refusal} If a rule of the tree forbids it.
   */
  create(
    parent: NodeRow,
    body: NewNode,
    editor: string,
  ): NodeRow {
    checkNodeName(body.name);
    const storageType = storageTypeOf(body);
    checkNodeTexts(body);
    this.#checkPlace(parent, { name: body.name, height: 1 });
    return this.#insertRow({
      id: crypto.randomUUID(),
      parent_id: parent.id,
      owner: parent.owner,
      name: body.name,
      type: body.type,
      storage_type: storageType,
      labels: labelsText(body.labels),
      description: body.description,
      extra: body.extra,
      editor,
      modified: this.#timestamp(),
    });
  }

  /**
   * Changes a node.
   *
   * @param node The node.
   * @param changes What to change.
   * @param editor The user who changes it.
   * @returns The node as it is now.
   * @throws {Refusal} If a rule of the tree forbids it.
   */
  update(node: NodeRow, changes: NodeChanges, editor: string): NodeRow {
    checkNodeTexts(changes);
    const name = changes.name ?? node.name;
    const target = this.#targetOf(node, { ...changes, name });
    const row: NodeRow = {
      ...node,
      parent_id: target?.id ?? node.parent_id,
      owner: target?.owner ?? node.owner,
      name,
      labels: changes.labels ? labelsText(changes.labels) : node.labels,
      description: changes.description ?? node.description,
      extra: changes.extra ?? node.extra,
      editor,
      modified: this.#timestamp(),
    };
    return this.#database.transaction(() => {
      if (row.owner !== node.owner) {
        this.#giveAway(row.id, row.owner);
        this.#unshare(row.id);
      }
      this.#update(
        row.parent_id,
        row.name,
        row.labels,
        row.description,
        row.extra,
        row.editor,
        row.modified,
        row.id,
      );
      return row;
    });
  }

  /**
   * Puts a node into the trash with everything below it: it is found no more, and what is being uploaded there is given
   * up; part of a transaction of the caller's.
   *
   * @param id The node's id.
   */
  cutOff(id: string): void {
    this.#place(null, trashedName(id), id);
    this.#endUploads(id);
  }

  /**
   * Takes a node out of the trash with everything below it; part of a transaction of the caller's.
   *
   * @param id The node's id.
   * @param place Where it is to be, and what it is called there.
   * @returns The node.
   */
  putBack(
    id: string,
    { parent, name }: { readonly parent: NodeRow; readonly name: string },
  ): NodeRow {
    this.#place(parent.id, name, id);
    const node = this.byId(id);
    if (node === undefined) throw new Error(`node ${id} is not in the trash`);
    return node;
  }

  /**
   * Deletes a node for good with its objects, edges and shares, and with whatever is below it.
   *
   * @param id The node's id.
   */
  remove(id: string): void {
    this.#delete(id);
  }

  /** The folder that a node is to be in, checked; undefined if it stays where it is under its name. */
  #targetOf(
    node: NodeRow,
    { name, parent }: NodeChanges & { readonly name: string },
  ): NodeRow | undefined {
    const stays = parent === undefined || parent.id === node.parent_id;
    if (stays && name === node.name) return undefined;
    checkNodeName(name);
    if (node.parent_id === null) {
      throw invalid(
        stays
          ? "invalid node name: a user's root keeps its name"
          : "invalid parent: a user's root cannot be moved",
      );
    }
    const target = stays ? this.byId(node.parent_id) : parent;
    if (target === undefined) throw nodeNotFound(node.parent_id);
    if (this.#line.all(target.id).some(({ id }) => id === node.id)) {
      throw invalid("invalid parent: it is the node itself, or is below it");
    }
    const height = stays ? 0 : this.#height.get(node.id)?.height ?? 1;
    this.#checkPlace(target, { name, height });
    return target;
  }

  #checkPlace(
    parent: NodeRow,
    { name, height }: { readonly name: string; readonly height: number },
  ): void {
    if (parent.type !== "Folder") {
      throw invalid(`invalid parent: "${parent.name}" is not a Folder`);
    }
    if (this.#line.all(parent.id).length + height > MAX_DEPTH) {
      throw invalid(`invalid parent: folders may be ${MAX_DEPTH} deep`);
    }
    if (this.#child.get(parent.id, name) !== undefined) throw nameTaken(name);
  }

  #insertRow(row: NodeRow): NodeRow {
    this.#insert(...COLUMNS.map((column) => row[column]));
    return row;
  }

  #timestamp(): string {
    return this.#now().toISOString().replace("Z", "000Z");
  }
}
